// The device that each user's texts go out through: elected, in office until a trigger finds it invalid.

import { eq, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Device } from './tables.js';
import { run, type Steps } from './transaction.js';

const electedOf = prepared((db, { devices, mailboxes }) =>
  db
    .select({ activeDeviceId: mailboxes.activeDeviceId, since: mailboxes.activeSince, device: devices })
    .from(mailboxes)
    .leftJoin(devices, eq(devices.id, mailboxes.activeDeviceId))
    .where(eq(mailboxes.userId, sql.placeholder('userId'))),
);

export interface Elected {
  /** Absent when the device was deleted since. */
  device: Device | undefined;
  since: number;
}

/** The active device of a user, valid or not; none before the first election and after "No SMS gateway is set". */
export function* getElected(tx: Session, userId: number): Steps<Elected | undefined> {
  // Most users have none, and each of their texts asks.
  if (tx.recent.elected(userId) === null) return undefined;
  const [row] = yield* run(electedOf(tx, { userId }));
  if (!row) return undefined;
  tx.recent.keepElected(userId, row.activeDeviceId);
  if (row.activeDeviceId === null) return undefined;
  return { device: row.device ?? undefined, since: row.since ?? 0 };
}

/** Its row alone: costs no statement where that was asked lately. */
export function* getElectedRow(tx: Session, userId: number): Steps<number | undefined> {
  const known = tx.recent.elected(userId);
  return known === undefined ? (yield* getElected(tx, userId))?.device?.id : (known ?? undefined);
}

/** Whether one is in office: costs no statement where that was asked lately. */
export function* hasElected(tx: Session, userId: number): Steps<boolean> {
  const known = tx.recent.elected(userId);
  return known === undefined ? (yield* getElected(tx, userId)) !== undefined : known !== null;
}

export function* setElected(tx: Transaction, userId: number, deviceRow: number | undefined, now: number): Steps<void> {
  const { mailboxes } = tx.tables;
  const elected =
    deviceRow === undefined
      ? { activeDeviceId: null, activeSince: null }
      : { activeDeviceId: deviceRow, activeSince: now };
  yield* run(tx.db.update(mailboxes).set(elected).where(eq(mailboxes.userId, userId)));
  tx.recent.keepElected(userId, elected.activeDeviceId);
}
