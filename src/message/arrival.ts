// A mail that a mail program or a mail server brought, for the recipients of its envelope: texts into the queue, mail into
// local mailboxes and to the relay. What can refuse it is looked at before; what it brings about is one commit.

import { hash } from 'node:crypto';
import type { Sender, Terms } from '../accounts/decide.js';
import type { ParsedMail } from '../mail/parse.js';
import { comparable, isCountry } from '../sms/number.js';
import { requestsKeptMilliseconds } from '../store/housekeeping.js';
import { takeKey } from '../store/idempotency.js';
import { FolderType } from '../store/mailboxes.js';
import { enqueueMail } from '../store/mails.js';
import type { Transaction } from '../store/session.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { type AddressWishes, contentOf, submissionOf } from './address-wishes.js';
import { MessageError } from './errors.js';
import { finishForeignMail, type FinishedMail, finishMail } from './finish-mail.js';
import { forwardItem } from './forward.js';
import { hopsOfMail } from './hops.js';
import type { RequestKey } from './idempotency.js';
import { fileMail } from './mail-item.js';
import { wordsOfProgram } from './mail-words.js';
import { fillTemplate } from './notification.js';
import { enqueueTexts, type MessageServices, type PreparedTexts, prepareTexts, type Submission } from './submit.js';

/** Somebody the mail is for, and on what terms. */
export type Destination =
  | { kind: 'text'; order: TextOrder }
  | { kind: 'user'; userId: number }
  /** Elsewhere, by the relay. */
  | { kind: 'other'; address: string };

export interface TextOrder {
  wishes: AddressWishes;
  sender: Sender;
  terms: Terms;
  /** Of a notification: its words take the place of those of the mail. */
  template?: string | undefined;
}

export interface Arrival {
  parsed: ParsedMail;
  octets: Uint8Array;
  /** The sender of the envelope, empty for a report. */
  returnPath: string;
  /** Who logged in, or whom a mail server that is trusted names. */
  user: User | undefined;
  /** Header fields that tell of its way here. */
  trace: readonly string[];
  /** Of the queue of mail: its name there, and whether a user has it sent on by itself. */
  queued?: { id: string; goesOn: boolean };
}

export interface PreparedArrival extends FinishedMail {
  id: string;
  texts: readonly PreparedTexts[];
  userIds: readonly number[];
  others: readonly string[];
  returnPath: string;
  user: User | undefined;
  /** What makes the mail the same as an earlier one. */
  key: RequestKey | undefined;
  expiresAt: number;
  now: number;
}

/** All that can refuse it, but for the limit of a month. Throws MessageError. */
export async function prepareArrival(
  services: MessageServices,
  arrival: Arrival,
  destinations: readonly Destination[],
): Promise<PreparedArrival> {
  const { parsed, octets, returnPath, user } = arrival;
  const now = services.now();
  const finished = needsMail(destinations) ? finish(services, arrival, now) : { mail: parsed, octets };
  const key = keyOf(arrival);
  const orders = ordersOf(services, destinations);
  const texts = orders.length === 0 ? noTexts : await prepareOrders(services, arrival, { orders, key });
  const { expireMinutes } = services.store.settings.current;
  return {
    mail: finished.mail,
    octets: finished.octets,
    id: services.newId(),
    texts,
    userIds: [...new Set(destinations.flatMap((each) => (each.kind === 'user' ? [each.userId] : [])))],
    others: [...new Set(destinations.flatMap((each) => (each.kind === 'other' ? [each.address] : [])))],
    returnPath,
    user,
    key,
    expiresAt: now + Math.round(expireMinutes * 60_000),
    now,
  };
}

const noTexts: readonly PreparedTexts[] = [];

/** What this order would be refused for, whatever the text is. Throws MessageError. */
export async function checkOrder(services: MessageServices, order: TextOrder): Promise<void> {
  const { binary } = order.wishes;
  const content = binary ? { text: '', binary: { data: oneOctet } } : { text: '.' };
  const submission = submissionFor(order, content);
  // Rules are for what is in it, which nobody knows yet.
  submission.skipsRules = true;
  await prepareTexts(services, submission);
}

const oneOctet = new Uint8Array(1);

/** Part of the commit that accepts the mail. Gives the ids of the texts. Throws MessageError, AccountError MONTHLY_LIMIT_REACHED. */
export function* acceptArrival(tx: Transaction, prepared: PreparedArrival): Steps<string[]> {
  const ids: string[] = [];
  for (const texts of prepared.texts) ids.push(...(yield* enqueueTexts(tx, texts)).ids);
  for (const userId of prepared.userIds)
    if (yield* isFirst(tx, prepared, `user:${userId}`)) yield* deliver(tx, prepared, userId);
  yield* relay(tx, prepared);
  return ids;
}

function* deliver(tx: Transaction, { mail, octets, now }: PreparedArrival, userId: number): Steps<void> {
  const user = yield* getUserRow(tx, userId);
  // Removed since the recipient was taken.
  if (!user) throw new MessageError('RECIPIENT_UNRESOLVED');
  const own = { userId, folder: FolderType.Inbox };
  const item = yield* fileMail(tx, { mail, octets, ...own, read: false, withBcc: false, now });
  yield* forwardItem(tx, { user, item, octets, now });
}

function* relay(tx: Transaction, prepared: PreparedArrival): Steps<void> {
  const recipients: string[] = [];
  for (const address of prepared.others) if (yield* isFirst(tx, prepared, address)) recipients.push(address);
  if (recipients.length === 0) return;
  const { id, user, octets, returnPath, expiresAt, now } = prepared;
  const sender = user?.address ?? returnPath;
  yield* enqueueMail(tx, { id, userId: user?.id, sender, recipients, octets, expiresAt, now });
}

// A text has its own row, which `enqueueTexts` looks at.
function* isFirst(tx: Transaction, { key, id, mail, now }: PreparedArrival, recipient: string): Steps<boolean> {
  if (!key) return true;
  const digest = hash('sha256', JSON.stringify([mail.subject, mail.text, mail.html]), 'base64');
  const claim = { key: `mail ${digest} ${key.key}`, recipient, digest, messageId: id, parts: 0, createdAt: now };
  return (yield* takeKey(tx, claim, now - requestsKeptMilliseconds)) === undefined;
}

// A mail server whose answer was lost gives the same mail again, days later too. A program that writes the same id into all
// its mails writes other dates.
function keyOf({ parsed: { messageId, date }, returnPath, queued }: Arrival): RequestKey | undefined {
  if (queued) return { key: `mail queued ${queued.id}`, isMsgid: true };
  if (messageId === undefined) return undefined;
  const digest = hash('sha256', JSON.stringify([messageId, date, returnPath]), 'base64');
  return { key: `mail ${digest}`, isMsgid: true };
}

/** A number that is written twice gets one text. */
function ordersOf({ store }: MessageServices, destinations: readonly Destination[]): TextOrder[] {
  const country = store.settings.current.defaultCountry;
  const defaultCountry = country !== undefined && isCountry(country) ? country : undefined;
  const orders = new Map<string, TextOrder>();
  for (const each of destinations) {
    if (each.kind !== 'text') continue;
    const number = comparable(each.order.wishes.numbers[0]!, defaultCountry);
    if (!orders.has(number)) orders.set(number, each.order);
  }
  return [...orders.values()];
}

function needsMail(destinations: readonly Destination[]): boolean {
  return destinations.some(({ kind }) => kind !== 'text');
}

function finish({ newId }: MessageServices, { user, ...arrival }: Arrival, now: number): FinishedMail {
  return user ? finishMail({ ...arrival, user }, { newId, now }) : finishForeignMail(arrival);
}

interface Ordering {
  orders: readonly TextOrder[];
  key: RequestKey | undefined;
}

async function prepareOrders(
  services: MessageServices,
  { parsed, octets, returnPath, queued }: Arrival,
  { orders, key }: Ordering,
): Promise<PreparedTexts[]> {
  const words = wordsOfProgram(parsed, services.store.settings.current.mail);
  const hops = hopsOfMail(octets);
  const prepared: PreparedTexts[] = [];
  for (const order of orders) {
    const { template } = order;
    const filled = template === undefined ? words : fillTemplate(template, parsed, octets.length);
    const submission = submissionFor(order, contentOf(order.wishes, { words: filled, whole: parsed.text }));
    // Who has no mailbox here gets the answer where the mail came from.
    submission.reply ??= order.sender.user || returnPath === '' ? undefined : returnPath;
    submission.mailId = parsed.messageId;
    submission.subject = parsed.subject;
    submission.hops = hops;
    submission.idempotency = key;
    if (queued?.goesOn) submission.origin = 'forward';
    prepared.push(await prepareTexts(services, submission));
  }
  return prepared;
}

function submissionFor({ wishes, sender, terms }: TextOrder, content: Pick<Submission, 'text' | 'binary'>): Submission {
  const submission = submissionOf(wishes, content, 'smtp');
  submission.user = sender.user;
  submission.terms = terms;
  return submission;
}
