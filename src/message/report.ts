// What became of a message: each end is recorded once, from the states it may be reached from, and the sender is told of
// what needs telling. A text that was sent lies once in Sent Items, whatever carried it.

import { writeMobileAddress } from '../sms/mobile-address.js';
import { endAttempt, endMessage } from '../store/attempts.js';
import { addItems } from '../store/items.js';
import { FolderType, getDefaultFolderId } from '../store/mailboxes.js';
import { itemOfMessage } from '../store/outbox.js';
import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser, getUserRow } from '../store/users.js';
import { giveBackCharges } from './charges.js';
import { isBinary } from './content.js';
import { tellEvent } from './events.js';
import { getOwnDomain } from './forward.js';
import { keepReplyLink, replyAddressOf } from './reply-to.js';
import { deliverReport, type LetterKind, type Reader } from './report-letter.js';

export interface Report {
  message: Message;
  now: number;
}

/** Shown to the sender and in the API, so it names no number and repeats no text. */
export type ReportWithReason = Report & { reason: string };

// All of these answer false, and have changed nothing, when the message is in none of the states they may start from.

/** The bearer said so, or the phone confirmed it; late as well, after it was reported unknown. */
export function* reportSent(tx: Transaction, { message, now }: Report): Steps<boolean> {
  return (yield* reportAllSent(tx, [message], now)) === 1;
}

/** The same for several in one commit, which is far less than as much work. Answers how many were not sent before. */
export function* reportAllSent(tx: Transaction, messages: readonly Message[], now: number): Steps<number> {
  let ended = 0;
  const copies = new Map<number, Message[]>();
  for (const message of messages) {
    if (!(yield* endMessage(tx, message.id, { to: 'sent', now }))) continue;
    ended++;
    const { userId } = message;
    if (userId !== null && hasCopy(message) && !(yield* hasPhonesCopy(tx, message))) {
      const ofSender = copies.get(userId);
      if (ofSender) ofSender.push(message);
      else copies.set(userId, [message]);
    }
    yield* keepReplyLink(tx, message, now);
    yield* tellEvent(tx, { event: 'sent', message, state: 'sent', now });
  }
  for (const [userId, sent] of copies) yield* addToSentItems(tx, { userId, sent, now });
  return ended;
}

/** A rule made mail of it, which is on its way: it is no text that counts. */
export function* reportMailed(tx: Transaction, { message, now }: Report): Steps<boolean> {
  if (!(yield* endMessage(tx, message.id, { to: 'mailed', now }))) return false;
  yield* giveBackCharges(tx, message);
  const { userId } = message;
  if (userId !== null && !isBinary(message)) yield* addToSentItems(tx, { userId, sent: [message], now });
  yield* tellEvent(tx, { event: 'sent', message, state: 'sent', now });
  return true;
}

/** Whoever took it says that it arrived: so it was sent, whatever was known of that. */
export function* reportDelivered(tx: Transaction, { message, now }: Report): Steps<boolean> {
  yield* reportSent(tx, { message, now });
  const ended = yield* endMessage(tx, message.id, { to: 'delivered', now });
  if (ended) yield* tellEvent(tx, { event: 'delivered', message, state: 'delivered', now });
  return ended;
}

/** Whoever took it says that it did not arrive, and will not. */
export function* reportUndelivered(tx: Transaction, { message, reason, now }: ReportWithReason): Steps<boolean> {
  const ended = yield* endMessage(tx, message.id, { to: 'undelivered', reason, now });
  if (!ended) return false;
  yield* endAttempt(tx, message.id, { outcome: 'refused', reason, now });
  yield* tellSender(tx, { message, reason, now, kind: 'undelivered' });
  yield* tellEvent(tx, { event: 'failed', message, state: 'failed', reason, now });
  return true;
}

/** The bearer refused it, and no other will be asked. */
export function* reportFailed(tx: Transaction, { message, reason, now }: ReportWithReason): Steps<boolean> {
  const ended = yield* endMessage(tx, message.id, { to: 'failed', reason, now });
  if (!ended) return false;
  yield* endAttempt(tx, message.id, { outcome: 'refused', reason, now });
  yield* giveBackCharges(tx, message);
  yield* tellSender(tx, { message, reason, now, kind: 'failed' });
  yield* tellEvent(tx, { event: 'failed', message, state: 'failed', reason, now });
  return true;
}

/** It waited longer than it may; no bearer holds it. */
export function* reportExpired(tx: Transaction, { message, reason, now }: ReportWithReason): Steps<boolean> {
  const ended = yield* endMessage(tx, message.id, { to: 'expired', reason, now });
  if (!ended) return false;
  yield* giveBackCharges(tx, message);
  yield* tellSender(tx, { message, reason, now, kind: 'expired' });
  yield* tellEvent(tx, { event: 'failed', message, state: 'expired', reason, now });
  return true;
}

/** It may have been sent and nobody can tell: it is not sent again by itself. */
export function* reportUnknown(tx: Transaction, { message, reason, now }: ReportWithReason): Steps<boolean> {
  const ended = yield* endMessage(tx, message.id, { to: 'unknown', reason, now });
  if (!ended) return false;
  yield* endAttempt(tx, message.id, { outcome: 'unknown', reason, now });
  yield* tellSender(tx, { message, reason, now, kind: 'unknown' });
  yield* tellEvent(tx, { event: 'failed', message, state: 'unknown', reason, now });
  return true;
}

// A message outlives the user who sent it. One that no user sent may name who answers for it.
function* getReader(tx: Transaction, { userId, properties }: Message): Steps<Reader | undefined> {
  if (userId !== null) return yield* getUserRow(tx, userId);
  const address = replyAddressOf(properties?.reply);
  if (address === undefined) return undefined;
  const user = yield* getUser(tx, address);
  return user ?? { address, domain: yield* getOwnDomain(tx) };
}

// Nobody wrote what went on to a phone by itself.
function hasCopy(message: Message): boolean {
  return !isBinary(message) && message.origin !== 'forward';
}

// The sender's own phone moved its item to Sent Items when it confirmed. Another user's phone did so in that mailbox.
function* hasPhonesCopy(tx: Transaction, { id, deviceId, userId }: Message): Steps<boolean> {
  if (deviceId === null) return false;
  const item = yield* itemOfMessage(tx, id);
  return item === undefined || item.userId === userId;
}

interface Copies {
  userId: number;
  sent: readonly Message[];
  now: number;
}

// A message outlives the user who sent it.
function* addToSentItems(tx: Transaction, { userId, sent, now }: Copies): Steps<void> {
  const sender = yield* getUserRow(tx, userId);
  if (!sender) return;
  const from = writeMobileAddress({ name: sender.displayName ?? undefined, number: sender.phoneNumber ?? undefined });
  const items = sent.map(({ id, recipient, text }) => ({
    class: 'SMS' as const,
    from,
    to: writeMobileAddress({ number: recipient }),
    text,
    date: now,
    read: true,
    messageId: id,
  }));
  yield* addItems(tx, { userId, folderId: yield* getDefaultFolderId(tx, userId, FolderType.SentItems), items });
}

/** Nobody is told where no real sender is known. */
export function* tellSender(tx: Transaction, told: ReportWithReason & { kind: LetterKind }): Steps<void> {
  const to = yield* getReader(tx, told.message);
  if (to) yield* deliverReport(tx, { ...told, to });
}
