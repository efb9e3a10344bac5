// The one way into the queue: what any origin hands over is checked, cut to its parts and on disk before this resolves.

import { readNumber } from '../sms/number.js';
import { limits as smsLimits } from '../sms/limits.js';
import { countParts, truncateToParts } from '../sms/parts.js';
import { enqueue, type QueuedMessage } from '../store/messages.js';
import type { Store } from '../store/open.js';
import type { Transaction } from '../store/session.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';
import { sendersOf } from './senders.js';

export interface MessageServices {
  readonly store: Store;
  readonly now: () => number;
  /** Ids that grow with time. */
  readonly newId: () => string;
}

export interface Submission {
  /** The authenticated sender, whose access was checked. */
  user?: User | undefined;
  origin: 'http' | 'api' | 'smtp' | 'eas';
  /** As written. */
  numbers: readonly string[];
  text: string;
  /** The text is cut to so many parts; without it, one of too many parts is refused. */
  maxParts?: number | undefined;
  /** Id of the one gateway that may carry it; it waits for that one until it expires. */
  gateway?: string | undefined;
  /** Who it is from, where the gateway can show that. */
  sender?: string | undefined;
  expireMinutes?: number | undefined;
}

export interface Accepted {
  /** One per number, in the same order. */
  ids: string[];
  /** Of each message. */
  parts: number;
}

/** Checked, and ready to be written into the queue. */
export interface PreparedTexts {
  messages: readonly QueuedMessage[];
  /** Of each message. */
  parts: number;
}

/**
 * Accepts one text to one or several numbers, all or none. Resolves after the commit is on disk.
 *
 * Throws MessageError, and StoreError STORAGE_UNAVAILABLE.
 */
export async function submit(services: MessageServices, submission: Submission): Promise<Accepted> {
  const prepared = await prepareTexts(services, submission);
  return services.store.transact((tx) => enqueueTexts(tx, prepared));
}

/** All that can refuse a text. Throws MessageError. */
export async function prepareTexts(services: MessageServices, submission: Submission): Promise<PreparedTexts> {
  const { store } = services;
  const recipients = readRecipients(submission.numbers);
  const { text, parts } = readText(submission);
  checkSender(submission.sender);
  const lifetimeMinutes = readLifetime(submission.expireMinutes ?? store.settings.current.expireMinutes);
  await checkGateway(services, submission);
  const now = services.now();
  const shared: Omit<QueuedMessage, 'id' | 'recipient'> = {
    userId: submission.user?.id,
    origin: submission.origin,
    text,
    parts,
    sender: submission.sender,
    pinnedGateway: submission.gateway,
    expiresAt: now + Math.round(lifetimeMinutes * 60_000),
    now,
  };
  return { messages: recipients.map((recipient) => ({ ...shared, id: services.newId(), recipient })), parts };
}

/** Part of the commit that accepts them: nobody is told so before it is on disk. */
export function* enqueueTexts(tx: Transaction, { messages, parts }: PreparedTexts): Steps<Accepted> {
  for (const message of messages) yield* enqueue(tx, message);
  tx.announce({ topic: 'queue' });
  return { ids: messages.map(({ id }) => id), parts };
}

function readRecipients(numbers: readonly string[]): string[] {
  if (numbers.length > limits.numbers) throw new MessageError('BAD_PARAMETER', 'numbers');
  const recipients = numbers.flatMap((written) => readNumber(written) ?? []);
  if (recipients.length === 0 || recipients.length < numbers.length) throw new MessageError('BAD_NUMBER', 'numbers');
  return recipients;
}

function readText({ text, maxParts }: Submission): { text: string; parts: number } {
  if (text === '') throw new MessageError('EMPTY_MESSAGE', 'text');
  const cut = maxParts === undefined ? text : truncateToParts(text, readMaxParts(maxParts));
  const parts = countParts(cut);
  if (parts > smsLimits.parts) throw new MessageError('MESSAGE_TOO_LONG', 'text');
  return { text: cut, parts };
}

function readMaxParts(maxParts: number): number {
  if (Number.isInteger(maxParts) && maxParts >= 1 && maxParts <= smsLimits.parts) return maxParts;
  throw new MessageError('BAD_PARAMETER', 'maxParts');
}

function readLifetime(minutes: number): number {
  if (minutes > 0 && minutes <= limits.expireMinutes) return minutes;
  throw new MessageError('BAD_PARAMETER', 'expireMinutes');
}

function checkSender(sender: string | undefined): void {
  if (sender !== undefined && sender.length > limits.senderCharacters)
    throw new MessageError('BAD_PARAMETER', 'sender');
}

async function checkGateway({ store }: MessageServices, { gateway, user }: Submission): Promise<void> {
  const senders = sendersOf(store);
  if (gateway !== undefined && !(await senders.hasGateway(gateway)))
    throw new MessageError('UNKNOWN_GATEWAY', 'gateway');
  if (!(await senders.maySend(user?.id))) throw new MessageError('NO_GATEWAY');
}
