// Texts in the phones' hands, as the dispatcher watches over them.

import { and, asc, eq, inArray, isNotNull, isNull, lte, or } from 'drizzle-orm';
import type { Session } from './session.js';
import type { Device, Message } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface OfferingPhone {
  deviceRow: number;
  /** Absent when the device was deleted since. */
  device: Pick<Device, 'id' | 'state' | 'enableOutboundSms' | 'lastOutboxSync'> | undefined;
  isElected: boolean;
}

/** Every device whose Outbox holds a text it has not fetched. */
export function* getOfferingPhones(tx: Session): Steps<OfferingPhone[]> {
  const { devices, mailboxes, messages } = tx.tables;
  const rows = yield* run(
    tx.db
      .selectDistinct({
        deviceRow: messages.deviceId,
        activeDeviceId: mailboxes.activeDeviceId,
        device: {
          id: devices.id,
          state: devices.state,
          enableOutboundSms: devices.enableOutboundSms,
          lastOutboxSync: devices.lastOutboxSync,
        },
      })
      .from(messages)
      .leftJoin(devices, eq(devices.id, messages.deviceId))
      .leftJoin(mailboxes, eq(mailboxes.userId, devices.userId))
      .where(eq(messages.state, 'offered')),
  );
  return rows.map(({ deviceRow, activeDeviceId, device }) => ({
    deviceRow: deviceRow!,
    device: device ?? undefined,
    isElected: activeDeviceId === deviceRow,
  }));
}

export interface Withdrawing {
  /** Devices that are no longer valid. */
  invalid: readonly number[];
  offeredBefore: number;
  now: number;
  limit: number;
}

/** Texts to take back: their phone is no longer valid, had its time, or they expired. */
export function* getToWithdraw(tx: Session, { invalid, offeredBefore, now, limit }: Withdrawing): Steps<Message[]> {
  const { messages } = tx.tables;
  const due = or(
    lte(messages.offeredAt, offeredBefore),
    lte(messages.expiresAt, now),
    inArray(messages.deviceId, [...invalid]),
  );
  return yield* run(
    tx.db
      .select()
      .from(messages)
      .where(and(eq(messages.state, 'offered'), isNull(messages.confirmedAt), due))
      .orderBy(asc(messages.offeredAt))
      .limit(limit),
  );
}

/** Texts that a phone fetched so long ago that its word is not waited for any longer. */
export function* getUnconfirmed(tx: Session, fetchedBefore: number, limit: number): Steps<Message[]> {
  const { messages } = tx.tables;
  return yield* run(
    tx.db
      .select()
      .from(messages)
      .where(
        and(
          eq(messages.state, 'sending'),
          isNotNull(messages.deviceId),
          isNull(messages.confirmedAt),
          lte(messages.fetchedAt, fetchedBefore),
        ),
      )
      .limit(limit),
  );
}
