// Phones that are woken by push, and what they were told.

import { asc, eq, gt } from 'drizzle-orm';
import { openPushDevice, sealPushDevice } from './sealing.js';
import type { Session, Transaction } from './session.js';
import type { PushMarks } from './states.js';
import type { PushDevice } from './tables.js';
import { run, type Steps } from './transaction.js';

export function* getPushDevice(session: Session, name: string): Steps<PushDevice | undefined> {
  const { pushDevices } = session.tables;
  const [row] = yield* run(session.db.select().from(pushDevices).where(eq(pushDevices.name, name)));
  return row && openPushDevice(session.secrets, row);
}

/** All of them: whoever watches keeps in memory what they watch. */
export function* getPushDevices(session: Session): Steps<PushDevice[]> {
  const { pushDevices } = session.tables;
  const rows = yield* run(session.db.select().from(pushDevices).orderBy(asc(pushDevices.name)));
  return rows.map((row) => openPushDevice(session.secrets, row));
}

/** A page in the order of their names; `after` is the name the last page ended with. */
export async function listPushDevices(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<PushDevice[]> {
  const { pushDevices } = session.tables;
  const rows = await session.db
    .select()
    .from(pushDevices)
    .where(page.after === undefined ? undefined : gt(pushDevices.name, page.after))
    .orderBy(asc(pushDevices.name))
    .limit(page.limit);
  return rows.map((row) => openPushDevice(session.secrets, row));
}

export type PushDeviceRow = Omit<PushDevice, 'sessionId' | 'notifiedAt' | 'lastMessage' | 'createdAt'> & {
  now: number;
};

/** Creates or replaces a device; what it was told stays. */
export function* putPushDevice(tx: Transaction, { now, ...plain }: PushDeviceRow): Steps<void> {
  const { pushDevices } = tx.tables;
  const row = sealPushDevice(tx.secrets, plain);
  yield* run(
    tx.db
      .insert(pushDevices)
      .values({ ...row, createdAt: now })
      .onConflictDoUpdate({ target: pushDevices.name, set: row }),
  );
  tx.announce({ topic: 'push-devices' });
}

/** False when there was none. */
export function* deletePushDevice(tx: Transaction, name: string): Steps<boolean> {
  const { pushDevices } = tx.tables;
  const gone = yield* run(
    tx.db.delete(pushDevices).where(eq(pushDevices.name, name)).returning({ name: pushDevices.name }),
  );
  tx.announce({ topic: 'push-devices' });
  return gone.length > 0;
}

export interface Told {
  marks: PushMarks;
  sessionId: number;
  notifiedAt: number;
  lastMessage: string;
}

/** In the commit that accepts the notification. */
export function* noteNotified(tx: Transaction, name: string, told: Told): Steps<void> {
  const { pushDevices } = tx.tables;
  yield* run(tx.db.update(pushDevices).set(told).where(eq(pushDevices.name, name)));
}
