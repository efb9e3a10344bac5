// How many parts users and SMS accounts sent, this month and in the one before. One row each; a new month needs no work at
// its beginning: whoever reads or counts knows by the row's own month what its numbers are worth.

import { and, eq, inArray, sql } from 'drizzle-orm';
import { dateOf, monthOf } from './local-calendar.js';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Message, SmsCounter } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface Counts {
  sentThisMonth: number;
  sentPreviousMonth: number;
  /** Epoch milliseconds. */
  lastSent: number | null;
}

export const counterOfUser = (userId: number): string => `user:${userId}`;
export const counterOfAccount = (name: string): string => `account:${name}`;

// Every text that is sent asks for them; they change once a day at most.
let latest = { date: '', month: '', before: '' };

function monthsAt(now: number): { month: string; before: string } {
  const date = dateOf(now);
  if (date !== latest.date) latest = { date, month: monthOf(now).name, before: monthBefore(now) };
  return latest;
}

/** The name of the month before the one of this instant. */
export function monthBefore(now: number): string {
  const date = new Date(now);
  return monthOf(new Date(date.getFullYear(), date.getMonth() - 1, 1, 12).getTime()).name;
}

// In one statement, so that of two transactions the second counts on from the first, whichever node it runs on.
const addParts = prepared((db, { smsCounters: t }) =>
  db
    .insert(t)
    .values({
      subject: sql.placeholder('subject'),
      month: sql.placeholder('month'),
      sent: sql.placeholder('parts'),
      previous: 0,
      lastSent: sql.placeholder('now'),
      since: sql.placeholder('now'),
    })
    .onConflictDoUpdate({
      target: t.subject,
      set: {
        previous: sql`case when ${t.month} = excluded.month then ${t.previous} when ${t.month} = ${sql.placeholder('before')} then ${t.sent} else 0 end`,
        sent: sql`case when ${t.month} = excluded.month then ${t.sent} + excluded.sent else excluded.sent end`,
        month: sql`excluded.month`,
        lastSent: sql`excluded.last_sent`,
      },
    })
    .returning({ sent: t.sent }),
);

// A third of what the other costs, where it is known that the row is there and of this month.
const addToKnown = prepared((db, { smsCounters: t }) =>
  db
    .update(t)
    .set({ sent: sql`${t.sent} + ${sql.placeholder('parts')}`, lastSent: sql`${sql.placeholder('now')}` })
    .where(eq(t.subject, sql.placeholder('subject'))),
);

/** Counts parts that are accepted in this transaction. Gives how many the month then has, where that is asked. */
export function* countParts(
  tx: Transaction,
  { subject, parts, now, isSumWanted = true }: { subject: string; parts: number; now: number; isSumWanted?: boolean },
): Steps<number> {
  const { month, before } = monthsAt(now);
  // Where other nodes write as well, nothing is known of a row.
  if (isSumWanted || tx.dialect !== 'sqlite' || !tx.recent.hasCounter(subject, month)) {
    const [row] = yield* run(addParts(tx, { subject, parts, now, month, before }));
    tx.recent.keepCounter(subject, month);
    return row!.sent;
  }
  yield* run(addToKnown(tx, { subject, parts, now }));
  return 0;
}

const counterRow = prepared((db, { smsCounters }) =>
  db
    .select()
    .from(smsCounters)
    .where(eq(smsCounters.subject, sql.placeholder('subject'))),
);

/** Takes back what this message counted, unless somebody has set the counter since. */
export function* giveBackParts(
  tx: Transaction,
  subject: string,
  { parts, createdAt }: Pick<Message, 'parts' | 'createdAt'>,
): Steps<void> {
  const { smsCounters: t } = tx.tables;
  const [row] = yield* run(counterRow(tx, { subject }));
  if (!row || createdAt < row.since) return;
  const month = monthOf(createdAt).name;
  const isPrevious = month !== row.month && month === monthBefore(middleOf(row.month));
  if (month !== row.month && !isPrevious) return;
  const column = isPrevious ? t.previous : t.sent;
  const less = sql`case when ${column} > ${parts} then ${column} - ${parts} else 0 end`;
  yield* run(
    tx.db
      .update(t)
      .set(isPrevious ? { previous: less } : { sent: less })
      .where(and(eq(t.subject, subject), eq(t.month, row.month))),
  );
}

function middleOf(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return new Date(year!, number! - 1, 15, 12).getTime();
}

const nothing: Counts = { sentThisMonth: 0, sentPreviousMonth: 0, lastSent: null };

function countsOf(row: SmsCounter | undefined, now: number): Counts {
  if (!row) return nothing;
  const { sent, previous, lastSent, month } = row;
  if (month === monthOf(now).name) return { sentThisMonth: sent, sentPreviousMonth: previous, lastSent };
  return { sentThisMonth: 0, sentPreviousMonth: month === monthBefore(now) ? sent : 0, lastSent };
}

export function* getCounts(tx: Session, subject: string, now: number): Steps<Counts> {
  return countsOf((yield* run(counterRow(tx, { subject })))[0], now);
}

/** Of several, by subject; whoever has sent nothing as well. */
export async function listCounts(
  session: Session,
  subjects: readonly string[],
  now: number,
): Promise<Map<string, Counts>> {
  const { smsCounters } = session.tables;
  const rows = await session.db
    .select()
    .from(smsCounters)
    .where(inArray(smsCounters.subject, [...subjects]));
  const bySubject = new Map(rows.map((row) => [row.subject, row]));
  return new Map(subjects.map((subject) => [subject, countsOf(bySubject.get(subject), now)]));
}

/** What is not given stays as it is. */
export function* setCounts(tx: Transaction, subject: string, set: Partial<Counts> & { now: number }): Steps<void> {
  const { smsCounters } = tx.tables;
  const { now, ...given } = set;
  const { sentThisMonth, sentPreviousMonth, lastSent } = { ...(yield* getCounts(tx, subject, now)), ...given };
  tx.recent.forgetCounter(subject);
  const row = { month: monthOf(now).name, sent: sentThisMonth, previous: sentPreviousMonth, lastSent, since: now };
  yield* run(
    tx.db
      .insert(smsCounters)
      .values({ subject, ...row })
      .onConflictDoUpdate({ target: smsCounters.subject, set: row }),
  );
}

export function* removeCounter(tx: Transaction, subject: string): Steps<void> {
  tx.recent.forgetCounter(subject);
  const { smsCounters } = tx.tables;
  yield* run(tx.db.delete(smsCounters).where(eq(smsCounters.subject, subject)));
}
