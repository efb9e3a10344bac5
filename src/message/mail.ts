// The one way out for a user's mail: texts into the queue, mail into local mailboxes and to the relay, the copy into Sent
// Items. Everything that can refuse it is looked at before; what it brings about is one commit.

import type { RateLimits } from '../accounts/rate-limits.js';
import { termsOf } from '../accounts/sending.js';
import { type ParsedMail, parseMail } from '../mail/parse.js';
import { getClientAdd, getClientDigests, renewClientAdd } from '../store/client-adds.js';
import { FolderType } from '../store/mailboxes.js';
import { enqueueMail } from '../store/mails.js';
import type { Session, Transaction } from '../store/session.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { contentOf, readWishes, submissionOf } from './address-wishes.js';
import { MessageError } from './errors.js';
import { finishMail } from './finish-mail.js';
import { forwardItem } from './forward.js';
import { limits } from './limits.js';
import { fileMail } from './mail-item.js';
import { type MailRecipients, sortRecipients } from './mail-recipients.js';
import { reportUndelivered } from './mail-report.js';
import { wordsOf } from './mail-words.js';
import { enqueueTexts, type MessageServices, type PreparedTexts, prepareTexts } from './submit.js';

export interface MailServices extends MessageServices {
  /** Whether mail to other domains can leave. */
  readonly hasRelay: boolean;
  /** How often one sender may ask, where that is bounded. */
  readonly credentials?: { readonly rates: Pick<RateLimits, 'countSender'> };
}

export interface OutgoingMail {
  /** The authenticated sender. */
  user: User;
  /** RFC 5322, with the recipients in its headers; Bcc is read and taken away. */
  octets: Uint8Array;
  saveInSent: boolean;
  /** What goes to numbers; without it the sender's own words of the mail. */
  words?: string | undefined;
  /** Absent where the caller has its own way to know a repeated request. */
  request?: ClientRequest | undefined;
  /** Done in the same commit, unless the request is a repeated one. */
  alongside?: ((tx: Transaction) => Steps<void>) | undefined;
}

/** What makes a request the same as an earlier one. */
export interface ClientRequest {
  /** Row of the device. */
  deviceId: number;
  /** Absent at protocol version 12.1, which has none. */
  clientId: string | undefined;
  /** Of everything the request says. */
  digest: string;
}

export type PreparedMail = { kind: 'repeated' } | ReadyMail;

interface ReadyMail {
  kind: 'ready';
  outgoing: OutgoingMail;
  id: string;
  /** As it leaves and is kept. */
  mail: ParsedMail;
  octets: Uint8Array;
  recipients: MailRecipients;
  texts: readonly PreparedTexts[];
  remembered: Remembered | undefined;
  expiresAt: number;
  now: number;
}

export interface SubmittedMail {
  /** An earlier request said the same, and nothing was done now. */
  isRepeated: boolean;
  /** Of the texts. */
  messageIds: readonly string[];
}

/**
 * Accepts one mail for all its recipients or for none. Resolves after the commit is on disk.
 *
 * Throws MailError, MessageError, AccountError as `termsOf`, RATE_EXCEEDED and MONTHLY_LIMIT_REACHED, and StoreError
 * STORAGE_UNAVAILABLE.
 */
export async function submitMail(services: MailServices, outgoing: OutgoingMail): Promise<SubmittedMail> {
  const prepared = await prepareMail(services, outgoing);
  return services.store.transact((tx) => submitMailSteps(tx, prepared));
}

/** All that can refuse a mail, but for a ClientId that comes a second time in the same instant. Throws as `submitMail`. */
export async function prepareMail(services: MailServices, outgoing: OutgoingMail): Promise<PreparedMail> {
  const { store } = services;
  const parsed = await parseMail(outgoing.octets);
  const now = services.now();
  const remembered = outgoing.request && remember(outgoing.request, parsed, now);
  // First of all: what was accepted once is not refused because something has changed since.
  if (remembered && (await store.read((session) => isRepeated(session, remembered)))) return { kind: 'repeated' };
  const recipients = await sortRecipients(store, [...parsed.to, ...parsed.cc, ...parsed.bcc]);
  if (recipients.others.length > 0 && !services.hasRelay) throw new MessageError('NO_RELAY');
  const texts = await prepareAllTexts(services, { outgoing, parsed, recipients });
  const finished = finishMail({ ...outgoing, parsed }, { newId: services.newId, now });
  const expiresAt = now + Math.round(store.settings.current.expireMinutes * 60_000);
  const id = services.newId();
  return { kind: 'ready', outgoing, id, ...finished, recipients, texts, remembered, expiresAt, now };
}

/** Part of the commit that accepts the mail. Throws MessageError CLIENT_ID_REUSED. */
export function* submitMailSteps(tx: Transaction, prepared: PreparedMail): Steps<SubmittedMail> {
  const repeated = { isRepeated: true, messageIds: [] };
  if (prepared.kind === 'repeated') return repeated;
  const { remembered, outgoing, texts } = prepared;
  if (remembered && (yield* isRepeated(tx, remembered))) return repeated;
  if (remembered) yield* renewClientAdd(tx, { ...remembered, itemId: 0 });
  const messageIds: string[] = [];
  for (const each of texts) messageIds.push(...(yield* enqueueTexts(tx, each)).ids);
  yield* relay(tx, prepared);
  for (const userId of prepared.recipients.userIds) yield* deliver(tx, prepared, userId);
  if (outgoing.saveInSent && hasMailRecipients(prepared)) yield* keepCopy(tx, prepared);
  if (outgoing.alongside) yield* outgoing.alongside(tx);
  return { isRepeated: false, messageIds };
}

/** Whether this very request was accepted before: for one whose mail cannot be written any more. */
export function* wasAccepted(session: Session, request: ClientRequest): Steps<boolean> {
  const { deviceId, clientId, digest } = request;
  return (yield* getClientAdd(session, { deviceId, folderId: 0, clientId: clientId ?? digest, digest })) !== undefined;
}

interface Remembered {
  deviceId: number;
  /** No folder has it. */
  folderId: 0;
  clientId: string;
  digest: string;
  now: number;
  /** Earlier ones are not the same request any longer. */
  since: number;
}

// A mail without ClientId, date and id of its own may be written twice, word for word, and meant twice.
function remember(
  { deviceId, clientId, digest }: ClientRequest,
  { messageId, date }: ParsedMail,
  now: number,
): Remembered {
  const isOneOfAKind = clientId !== undefined || messageId !== undefined || date !== undefined;
  const since = isOneOfAKind ? 0 : now - limits.sameMailMilliseconds;
  return { deviceId, folderId: 0, clientId: clientId ?? digest, digest, now, since };
}

function* isRepeated(session: Session, { since, ...key }: Remembered): Steps<boolean> {
  const digests = yield* getClientDigests(session, key, since);
  if (digests.length === 0 || digests.includes(key.digest)) return digests.length > 0;
  throw new MessageError('CLIENT_ID_REUSED');
}

interface Texting {
  outgoing: OutgoingMail;
  parsed: ParsedMail;
  recipients: MailRecipients;
}

async function prepareAllTexts(services: MailServices, texting: Texting): Promise<PreparedTexts[]> {
  const { outgoing, parsed, recipients } = texting;
  if (recipients.texts.length === 0) return [];
  // As the user is now, which is not always what was known when the device logged in.
  const user = await services.store.read((session) => getUserRow(session, outgoing.user.id));
  const terms = await termsOf(services.store, { way: 'session', user: user ?? outgoing.user }, services.now());
  services.credentials?.rates.countSender(terms);
  const words = outgoing.words ?? wordsOf(parsed, services.store.settings.current.mail);
  const prepared: PreparedTexts[] = [];
  for (const recipient of recipients.texts) {
    const wishes = readWishes(recipient);
    const content = contentOf(wishes, { words, whole: parsed.text });
    const { messageId: mailId, subject } = parsed;
    const asked = submissionOf(wishes, content, 'eas');
    prepared.push(await prepareTexts(services, { ...asked, user: outgoing.user, terms, mailId, subject }));
  }
  return prepared;
}

function hasMailRecipients({ recipients }: ReadyMail): boolean {
  return recipients.userIds.length + recipients.others.length + recipients.lists.length > 0;
}

function* relay(tx: Transaction, { id, outgoing, octets, recipients, expiresAt, now }: ReadyMail): Steps<void> {
  // The queue looks here first for what is no address of elsewhere.
  const all = [...recipients.others, ...recipients.lists];
  if (all.length === 0) return;
  const { user } = outgoing;
  yield* enqueueMail(tx, { id, userId: user.id, sender: user.address, recipients: all, octets, expiresAt, now });
}

function* deliver(tx: Transaction, { id, outgoing, mail, octets, now }: ReadyMail, userId: number): Steps<void> {
  const user = yield* getUserRow(tx, userId);
  if (user) {
    const own = { userId, folder: FolderType.Inbox };
    const item = yield* fileMail(tx, { mail, octets, ...own, read: false, withBcc: false, now });
    yield* forwardItem(tx, { user, item, octets, now });
    return;
  }
  // Removed since the recipients were looked at.
  const failures = [{ recipient: 'a user of this server', reason: 'the user was removed' }];
  const about = { envelopeId: id, arrivedAt: now, original: { kind: 'headers', octets } } as const;
  const { subject, messageId } = mail;
  yield* reportUndelivered(tx, { userId: outgoing.user.id, subject, messageId, ...about, failures, now });
}

function* keepCopy(tx: Transaction, { outgoing, mail, octets, now }: ReadyMail): Steps<void> {
  const own = { userId: outgoing.user.id, folder: FolderType.SentItems };
  yield* fileMail(tx, { mail, octets, ...own, read: true, withBcc: true, now });
}
