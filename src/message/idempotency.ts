// A request that comes again is answered as it was the first time. Its sender marks it: with an `Idempotency-Key`, which
// never stands for two messages, or with a `msgid`, which programs count from 1 again.

import { hash } from 'node:crypto';
import { getMessageOfKey, takeKey } from '../store/idempotency.js';
import { requestsKeptMilliseconds } from '../store/housekeeping.js';
import { enqueue, type QueuedMessage } from '../store/messages.js';
import type { Session, Transaction } from '../store/session.js';
import type { IdempotencyKey } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';

export interface RequestKey {
  key: string;
  /** For another message the same key is no mistake. */
  isMsgid: boolean;
}

/** What became of one message of a request with a key. */
export interface Once {
  id: string;
  parts: number;
  /** It was accepted before, and nothing was written now. */
  isRepeated: boolean;
  /** Its key stands for another message, and it was accepted all the same. */
  isOther: boolean;
}

/** Throws MessageError BAD_PARAMETER. */
export function checkKey({ key }: RequestKey): void {
  if (key === '' || key.length > limits.keyCharacters) throw new MessageError('BAD_PARAMETER', 'idempotency');
}

/** Writes the messages into the queue, but for those their sender gave with this key before. Throws IDEMPOTENCY_CONFLICT. */
export function* enqueueEachOnce(tx: Transaction, messages: readonly QueuedMessage[], key: RequestKey): Steps<Once[]> {
  const all: Once[] = [];
  for (const message of messages) all.push(yield* enqueueOnce(tx, message, key));
  return all;
}

/** The first answers, without taking the key; `undefined` where there is none for one of them. */
export function* findEachOnce(
  session: Session,
  messages: readonly QueuedMessage[],
  key: RequestKey,
): Steps<Once[] | undefined> {
  const all: Once[] = [];
  for (const message of messages) {
    const once = yield* findOnce(session, message, key);
    if (!once) return undefined;
    all.push(once);
  }
  return all;
}

function* enqueueOnce(tx: Transaction, message: QueuedMessage, key: RequestKey): Steps<Once> {
  const claim = claimOf(message, key);
  const before = message.now - requestsKeptMilliseconds;
  let first = yield* takeKey(tx, claim, before);
  const isOther = first !== undefined && first.digest !== claim.digest;
  if (isOther && !key.isMsgid) throw new MessageError('IDEMPOTENCY_CONFLICT', 'idempotency');
  // Each message has the msgid for itself as well: whichever of them is repeated is known.
  if (isOther) first = yield* takeKey(tx, { ...claim, key: ownKey(message, key) }, before);
  if (first) return repeated(first);
  yield* enqueue(tx, message);
  return { id: message.id, parts: message.parts, isRepeated: false, isOther };
}

function* findOnce(session: Session, message: QueuedMessage, key: RequestKey): Steps<Once | undefined> {
  const { recipient, digest } = claimOf(message, key);
  for (const each of [sharedKey(message, key), ownKey(message, key)]) {
    const first = yield* getMessageOfKey(session, { key: each, recipient });
    const isSame = first?.digest === digest && first.createdAt >= message.now - requestsKeptMilliseconds;
    if (isSame) return repeated(first);
  }
  return undefined;
}

function repeated({ messageId: id, parts }: IdempotencyKey): Once {
  return { id, parts, isRepeated: true, isOther: false };
}

function claimOf(message: QueuedMessage, key: RequestKey): IdempotencyKey {
  const { id: messageId, parts, now: createdAt } = message;
  const { recipient } = message.asked ?? message;
  return { key: sharedKey(message, key), recipient, digest: digestOf(message), messageId, parts, createdAt };
}

function sharedKey(message: QueuedMessage, { key, isMsgid }: RequestKey): string {
  return `${senderOf(message)} ${isMsgid ? 'msgid' : 'header'} ${key}`;
}

function ownKey(message: QueuedMessage, { key }: RequestKey): string {
  return `${senderOf(message)} ${digestOf(message)} ${key}`;
}

function senderOf({ userId, properties }: QueuedMessage): string {
  if (userId !== undefined) return String(userId);
  return properties?.account === undefined ? 'nobody' : `account:${properties.account}`;
}

// Not when it expires, which is another instant each time; nor what rules made of it.
function digestOf(message: QueuedMessage): string {
  const { text, sender, pinnedGateway, properties } = message.asked ?? message;
  const { data, udh, pid, dcs, values, reply } = properties ?? {};
  return hash('sha256', JSON.stringify([text, sender, pinnedGateway, data, udh, pid, dcs, values, reply]), 'base64');
}
