// What has to outlive this process about modems: which one it was, the PIN that it did not take, the numbers of long texts, and
// the texts of which it is not known whether they left.

import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { ConcatenationRow, Message, ModemRow } from './tables.js';
import { run, type Steps } from './transaction.js';

export function* getModem(session: Session, gateway: string): Steps<ModemRow | undefined> {
  const { modems } = session.tables;
  return (yield* run(session.db.select().from(modems).where(eq(modems.gateway, gateway))))[0];
}

/** What is not named stays. */
export function* changeModem(
  tx: Transaction,
  gateway: string,
  change: Partial<Omit<ModemRow, 'gateway'>>,
): Steps<void> {
  const { modems } = tx.tables;
  const insert = tx.db.insert(modems).values({ gateway, ...change });
  yield* run(insert.onConflictDoUpdate({ target: modems.gateway, set: { gateway, ...change } }));
}

/** Whoever saves a gateway has looked at its PIN. */
export function* forgetTriedPin(tx: Transaction, gateway: string): Steps<void> {
  const { modems } = tx.tables;
  yield* run(tx.db.update(modems).set({ triedPin: null, pinFailed: false }).where(eq(modems.gateway, gateway)));
}

export function* forgetModem(tx: Transaction, gateway: string): Steps<void> {
  const { modems, concatenations } = tx.tables;
  yield* run(tx.db.delete(modems).where(eq(modems.gateway, gateway)));
  yield* run(tx.db.delete(concatenations).where(eq(concatenations.gateway, gateway)));
}

export interface Concatenated {
  gateway: string;
  recipient: string;
  /** Where nothing was sent to this number lately. */
  first: number;
  now: number;
}

/** What the parts of a long text are told by. TS 23.040 9.2.3.24.1, 9.2.3.24.8 */
export interface ConcatenationReference {
  reference: number;
  referenceBits: 8 | 16;
}

const shortReferences = 0x100;
/** `first` is below. Those of 16 bits begin behind the others: some phones do not tell the two kinds apart. */
export const concatenationReferences = 0x10000 - shortReferences;
const day = 24 * 60 * 60 * 1000;

/** One that no long text to this number had within a day: of 8 bits, as every phone knows them, as long as they last. */
export function* nextConcatenation(tx: Transaction, naming: Concatenated): Steps<ConcatenationReference> {
  const { gateway, recipient } = naming;
  const { concatenations } = tx.tables;
  const ofNumber = and(eq(concatenations.gateway, gateway), eq(concatenations.recipient, recipient));
  const [last] = yield* run(tx.db.select().from(concatenations).where(ofNumber));
  const row = countOn(last, naming);
  yield* run(
    tx.db
      .insert(concatenations)
      .values({ gateway, recipient, ...row })
      .onConflictDoUpdate({ target: [concatenations.gateway, concatenations.recipient], set: row }),
  );
  // Counted over two days, so that the day may begin at any time.
  if (row.used + row.usedBefore > shortReferences)
    return { reference: shortReferences + row.reference, referenceBits: 16 };
  return { reference: row.reference % shortReferences, referenceBits: 8 };
}

type Counted = Omit<ConcatenationRow, 'gateway' | 'recipient'>;

function countOn(last: Counted | undefined, { first, now }: Concatenated): Counted {
  if (!last) return { reference: first, usedAt: now, since: now, used: 1, usedBefore: 0 };
  const reference = (last.reference + 1) % concatenationReferences;
  const age = now - last.since;
  if (age < day) return { ...last, reference, usedAt: now, used: last.used + 1 };
  return { reference, usedAt: now, since: now, used: 1, usedBefore: age < 2 * day ? last.used : 0 };
}

export function* forgetConcatenations(tx: Transaction, before: number): Steps<void> {
  const { concatenations } = tx.tables;
  yield* run(tx.db.delete(concatenations).where(lt(concatenations.usedAt, before)));
}

export interface LostText {
  message: Message;
  /** When it was given to the modem. */
  startedAt: number;
}

const most = 50;

/** Texts that a gateway took and said nothing of, the newest first; not such as were given to it before `since`. */
export function* getLostTexts(session: Session, gateway: string, since: number): Steps<LostText[]> {
  const { messages, attempts } = session.tables;
  const isLost = and(
    eq(messages.state, 'unknown'),
    eq(messages.gateway, gateway),
    eq(attempts.gateway, gateway),
    eq(attempts.outcome, 'unknown'),
    gte(attempts.startedAt, since),
  );
  return yield* run(
    session.db
      .select({ message: messages, startedAt: attempts.startedAt })
      .from(messages)
      .innerJoin(attempts, eq(attempts.messageId, messages.id))
      .where(isLost)
      .orderBy(desc(attempts.id))
      .limit(most),
  );
}

/** Whether this gateway has a text for this number just now. */
export function* isUnderWay(
  session: Session,
  { gateway, recipient }: Pick<Concatenated, 'gateway' | 'recipient'>,
): Steps<boolean> {
  const { messages } = session.tables;
  const isSending = and(
    eq(messages.state, 'sending'),
    eq(messages.gateway, gateway),
    eq(messages.recipient, recipient),
  );
  return (yield* run(session.db.select({ id: messages.id }).from(messages).where(isSending).limit(1))).length > 0;
}
