// Devices as an administrator sees them: pages over all users, and removal.

import { and, asc, eq, gt } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { Device } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface ListedDevice {
  device: Device;
  address: string;
  /** The row of the device that its user's election chose last. */
  activeDeviceId: number | null;
  /** How many items it was not given, because they could not be written for it. */
  skippedItems: number;
}

/** A page of devices in the order in which they came; `after` is the row the last page ended with. */
export async function listDevices(
  session: Session,
  page: { limit: number; after?: number | undefined; userId?: number | undefined },
): Promise<ListedDevice[]> {
  const { devices, mailboxes, skippedItems, users } = session.tables;
  return session.db
    .select({
      device: devices,
      address: users.address,
      activeDeviceId: mailboxes.activeDeviceId,
      skippedItems: session.db.$count(skippedItems, eq(skippedItems.deviceId, devices.id)),
    })
    .from(devices)
    .innerJoin(users, eq(users.id, devices.userId))
    .innerJoin(mailboxes, eq(mailboxes.userId, devices.userId))
    .where(
      and(
        page.after === undefined ? undefined : gt(devices.id, page.after),
        page.userId === undefined ? undefined : eq(devices.userId, page.userId),
      ),
    )
    .orderBy(asc(devices.id))
    .limit(page.limit);
}

export function* removeDevice(tx: Transaction, id: number): Steps<void> {
  const { devices } = tx.tables;
  yield* run(tx.db.delete(devices).where(eq(devices.id, id)));
  tx.announce({ topic: 'device-row', deviceRow: id });
}
