// The queue of the relay: mail that was accepted and has to leave, and what came of it.

import { and, asc, count, desc, eq, inArray, lt, lte, ne } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { Mail, Tables } from './tables.js';
import { run, type Steps } from './transaction.js';

export interface QueuedMail {
  id: string;
  /** Who is told what becomes of it; nobody where it is absent. */
  userId: number | undefined;
  /** The envelope, which the headers need not agree with. */
  sender: string;
  recipients: readonly string[];
  octets: Uint8Array;
  expiresAt: number;
  now: number;
}

export function* enqueueMail(tx: Transaction, mail: QueuedMail): Steps<void> {
  const { id, userId = null, sender, recipients, octets, expiresAt, now } = mail;
  const row = { id, userId, sender, recipients: [...recipients], expiresAt, dueAt: now, createdAt: now };
  const { buffer, byteOffset, byteLength } = octets;
  yield* run(
    tx.db
      .insert(tx.tables.mails)
      .values({ ...row, octets: Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength) }),
  );
  tx.announce({ topic: 'mail' });
}

export interface MailClaim {
  now: number;
  limit: number;
  /** Under way already. */
  except: readonly string[];
  /** When a mail is due again if nothing more is heard of its attempt, by the attempts with this one. */
  dueAgain: (attempts: number) => number;
}

/**
 * The mails that are due, longest due first. Their attempt is counted and its end foreseen in the same commit: one that
 * ends the process every time does not begin at once, nor for ever.
 */
export function* claimMails(tx: Transaction, { now, limit, except, dueAgain }: MailClaim): Steps<Mail[]> {
  const { mails } = tx.tables;
  const isDue = and(eq(mails.state, 'queued'), lte(mails.dueAt, now));
  const due = yield* run(
    tx.db
      .select({ id: mails.id, attempts: mails.attempts, expiresAt: mails.expiresAt })
      .from(mails)
      .where(isDue)
      .orderBy(asc(mails.dueAt))
      .limit(limit + except.length),
  );
  const free = due.filter(({ id }) => !except.includes(id)).slice(0, limit);
  for (const { id, attempts, expiresAt } of free) {
    const claimed = { attempts: attempts + 1, dueAt: Math.min(dueAgain(attempts + 1), Math.max(expiresAt, now)) };
    yield* run(tx.db.update(mails).set(claimed).where(eq(mails.id, id)));
  }
  const ids = free.map(({ id }) => id);
  return ids.length === 0 ? [] : yield* run(tx.db.select().from(mails).where(inArray(mails.id, ids)));
}

/** When the next mail is due; one that is under way counts only when it is to be tried again. */
export function* getNextMailDue(session: Session, except: readonly string[]): Steps<number | undefined> {
  const { mails } = session.tables;
  const rows = yield* run(
    session.db
      .select({ id: mails.id, dueAt: mails.dueAt })
      .from(mails)
      .where(eq(mails.state, 'queued'))
      .orderBy(asc(mails.dueAt))
      .limit(1 + except.length),
  );
  return rows.find(({ id }) => !except.includes(id))?.dueAt;
}

/** The relay took it for everybody who was left. */
export function* markMailSent(tx: Transaction, id: string, now: number): Steps<void> {
  yield* finish(tx, id, { state: 'sent', error: null, finishedAt: now });
}

/** For somebody who was left there is no hope. */
export function* markMailFailed(tx: Transaction, id: string, end: { error: string; now: number }): Steps<void> {
  yield* finish(tx, id, { state: 'failed', error: end.error, finishedAt: end.now });
}

function* finish(tx: Transaction, id: string, end: Pick<Mail, 'state' | 'error' | 'finishedAt'>): Steps<void> {
  const { mails } = tx.tables;
  yield* run(
    tx.db
      .update(mails)
      .set(end)
      .where(and(eq(mails.id, id), eq(mails.state, 'queued'))),
  );
}

export interface MailRetry {
  /** Who has not got it yet. */
  recipients: readonly string[];
  dueAt: number;
  error: string;
}

export function* retryMail(tx: Transaction, id: string, { recipients, dueAt, error }: MailRetry): Steps<void> {
  const { mails } = tx.tables;
  yield* run(
    tx.db
      .update(mails)
      .set({ recipients: [...recipients], dueAt, error })
      .where(and(eq(mails.id, id), eq(mails.state, 'queued'))),
  );
}

export function* getMail(session: Session, id: string): Steps<Mail | undefined> {
  const { mails } = session.tables;
  return (yield* run(session.db.select().from(mails).where(eq(mails.id, id))))[0];
}

/** A page of them without their content, newest first: ids grow with time. */
export async function listMailRows(
  session: Session,
  page: { limit: number; before?: string | undefined; state?: Mail['state'] | undefined },
): Promise<MailRow[]> {
  const { mails } = session.tables;
  const older = page.before === undefined ? undefined : lt(mails.id, page.before);
  const inState = page.state === undefined ? undefined : eq(mails.state, page.state);
  return session.db
    .select(withoutContent(mails))
    .from(mails)
    .where(and(older, inState))
    .orderBy(desc(mails.id))
    .limit(page.limit);
}

export type MailRow = Omit<Mail, 'octets'>;

function withoutContent(table: Tables['mails']) {
  const { id, userId, sender, recipients, state, attempts, error, dueAt, expiresAt, createdAt, finishedAt } = table;
  return { id, userId, sender, recipients, state, attempts, error, dueAt, expiresAt, createdAt, finishedAt };
}

export async function findMailRow(session: Session, id: string): Promise<MailRow | undefined> {
  const { mails } = session.tables;
  return (await session.db.select(withoutContent(mails)).from(mails).where(eq(mails.id, id)))[0];
}

export async function countQueuedMails(session: Session): Promise<number> {
  const { mails } = session.tables;
  return (await session.db.select({ n: count() }).from(mails).where(eq(mails.state, 'queued')))[0]!.n;
}

export async function listMails(session: Session): Promise<Mail[]> {
  const { mails } = session.tables;
  return session.db.select().from(mails).orderBy(asc(mails.id));
}

export function* forgetFinishedMails(tx: Transaction, before: number): Steps<void> {
  const { mails } = tx.tables;
  yield* run(tx.db.delete(mails).where(and(ne(mails.state, 'queued'), lt(mails.finishedAt, before))));
}
