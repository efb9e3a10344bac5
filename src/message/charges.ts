// What a text costs its sender's counters: added in the commit that accepts it, and taken back where no bearer ever saw it.

import { AccountError } from '../accounts/errors.js';
import { getAttempts } from '../store/attempts.js';
import type { Transaction } from '../store/session.js';
import { counterOfAccount, counterOfUser, countParts, giveBackParts } from '../store/sms-counters.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Once } from './idempotency.js';
import type { PreparedTexts } from './submit.js';

/** Each part once, and none of a request that is answered again, nor of what a rule deleted. Throws AccountError MONTHLY_LIMIT_REACHED. */
export function* chargeParts(
  tx: Transaction,
  { messages, charges, level, decided }: PreparedTexts,
  once: readonly Once[] | undefined,
): Steps<void> {
  let parts = 0;
  for (const [n, message] of messages.entries())
    if (!once?.[n]?.isRepeated && decided?.[n]?.deletedBy === undefined) parts += message.parts;
  if (parts === 0) return;
  const { now } = messages[0]!;
  for (const { counter: subject, limit } of charges) {
    const sent = yield* countParts(tx, { subject, parts, now, isSumWanted: limit > 0 });
    if (limit > 0 && sent > limit) throw new AccountError('MONTHLY_LIMIT_REACHED', undefined, level && { level });
  }
}

/** A message that failed or expired. An offer that no phone fetched is nothing that a bearer saw. */
export function* giveBackCharges(tx: Transaction, message: Message): Steps<void> {
  const account = message.properties?.account;
  if (message.userId === null && account === undefined) return;
  const attempts = yield* getAttempts(tx, message.id);
  if (attempts.some(({ outcome }) => outcome !== 'withdrawn')) return;
  if (account !== undefined) yield* giveBackParts(tx, counterOfAccount(account), message);
  if (message.userId !== null) yield* giveBackParts(tx, counterOfUser(message.userId), message);
}
