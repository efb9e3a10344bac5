// Devices of a user: what they told about themselves, their state, and their place in the folder hierarchy.

import { and, asc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Device, User } from './tables.js';
import { run, type Steps } from './transaction.js';

const deviceOf = prepared((db, { devices }) =>
  db
    .select()
    .from(devices)
    .where(and(eq(devices.userId, sql.placeholder('userId')), eq(devices.deviceId, sql.placeholder('deviceId')))),
);

export function* getDevice(tx: Session, userId: number, deviceId: string): Steps<Device | undefined> {
  return (yield* run(deviceOf(tx, { userId, deviceId })))[0];
}

const deviceByRow = prepared((db, { devices }) =>
  db
    .select()
    .from(devices)
    .where(eq(devices.id, sql.placeholder('id'))),
);

export function* getDeviceRow(tx: Session, id: number): Steps<Device | undefined> {
  return (yield* run(deviceByRow(tx, { id })))[0];
}

export function* getDevicesOf(tx: Session, userId: number): Steps<Device[]> {
  const { devices } = tx.tables;
  return yield* run(tx.db.select().from(devices).where(eq(devices.userId, userId)).orderBy(devices.id));
}

export interface OwnedDevice {
  user: User;
  device: Device;
}

/** Devices that no administrator has decided on, in the order in which they came; `after` is the row before the first. */
export function* getJudgedDevices(tx: Session, page: { after: number; limit: number }): Steps<OwnedDevice[]> {
  const { devices, users } = tx.tables;
  return yield* run(
    tx.db
      .select({ user: users, device: devices })
      .from(devices)
      .innerJoin(users, eq(users.id, devices.userId))
      .where(and(gt(devices.id, page.after), ne(devices.stateSource, 'administrator')))
      .orderBy(asc(devices.id))
      .limit(page.limit),
  );
}

export type NewDevice = Pick<Device, 'userId' | 'deviceId' | 'type' | 'protocolVersion' | 'userAgent' | 'state'> &
  Partial<Pick<Device, 'stateSource'>> & { now: number };

/** The device row, made at first contact. Two first requests at once give one row. */
export function* ensureDevice(tx: Transaction, { now, ...device }: NewDevice): Steps<Device> {
  yield* run(
    tx.db
      .insert(tx.tables.devices)
      .values({ ...device, createdAt: now, lastSeen: now })
      .onConflictDoNothing(),
  );
  return (yield* getDevice(tx, device.userId, device.deviceId))!;
}

export type DeviceChange = Partial<Omit<Device, 'id' | 'userId' | 'deviceId' | 'createdAt'>>;

export function* changeDevice(tx: Transaction, id: number, change: DeviceChange): Steps<void> {
  if (Object.keys(change).length === 0) return;
  yield* run(tx.db.update(tx.tables.devices).set(change).where(eq(tx.tables.devices.id, id)));
  tx.announce({ topic: 'device-row', deviceRow: id });
}

// What a device was given by and by; it begins anew with a phone that has lost everything.
const unknownToDevice = {
  policyKey: null,
  temporaryPolicyKey: null,
  policyDigest: null,
  temporaryPolicyDigest: null,
  policyStatus: null,
  pingHeartbeatSeconds: null,
  pingFolders: null,
} as const satisfies DeviceChange;

/** No key that the device was ever given is good any longer. */
export function* forgetGiven(tx: Transaction, { id, hierarchyKey }: Device): Steps<void> {
  const { collections } = tx.tables;
  yield* run(tx.db.delete(collections).where(eq(collections.deviceId, id)));
  tx.recent.forgetCollectionsOf(id);
  // Keys count on, so that no old one fits again: neither the last, nor as the one before it.
  yield* changeDevice(tx, id, { ...unknownToDevice, hierarchyKey: hierarchyKey + 2 });
}
