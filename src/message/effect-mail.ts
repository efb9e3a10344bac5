// A rule sends a message on as mail: into a mailbox here, or to the relay.
// RFC 3834 2 When (Not) to Send Automatic Responses, 5 The Auto-Submitted Header Field

import { addressOfNumber, writeAddress } from '../mail/address.js';
import { automaticFields } from '../mail/automatic.js';
import { composeMail } from '../mail/compose.js';
import { mailSenderOf } from '../mail/email-from.js';
import { writeField, writeText } from '../mail/header-fields.js';
import { parseMail } from '../mail/parse.js';
import { subjectOf } from '../mail/text-mail.js';
import { allDomains } from '../store/domains.js';
import { getGateway } from '../store/gateways.js';
import { findIncoming } from '../store/incoming.js';
import { FolderType } from '../store/mailboxes.js';
import { getMessage } from '../store/messages.js';
import { enqueueMail } from '../store/mails.js';
import type { Transaction } from '../store/session.js';
import type { Effect, Incoming, Message, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getAdministrators, getUserRow } from '../store/users.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { MailedMessage, MailEffect } from './effect-rows.js';
import { MessageError } from './errors.js';
import { hopsHeader } from './hops.js';
import { forwardItem } from './forward.js';
import { wordsOf } from './incoming-words.js';
import { reportMailed } from './report.js';
import { fileMail } from './mail-item.js';
import { layText } from './place-incoming.js';
import { type MailRecipients, sortRecipients } from './mail-recipients.js';

export async function mailOut(services: EffectServices, effect: Effect): Promise<Came> {
  const { isCarrying } = effect.document as unknown as MailEffect;
  if (!isCarrying) return mail(services, effect);
  const message = await services.store.read((session) => getMessage(session, effect.messageId));
  if (message?.state !== 'queued') return { state: 'failed', error: 'the message is over' };
  const came = await mail(services, effect);
  return came.state === 'done' ? { ...came, alongside: asMail(services, message, came.alongside) } : came;
}

// One that expired meanwhile goes to nobody.
function asMail({ now }: EffectServices, message: Message, alongside: Alongside = noSteps): Alongside {
  return function* (tx) {
    if (yield* reportMailed(tx, { message, now: now() })) yield* alongside(tx);
  };
}

function* noSteps(): Steps<void> {}

async function mail(services: EffectServices, effect: Effect): Promise<Came> {
  const { to } = effect.document as unknown as MailEffect;
  let recipients: MailRecipients;
  try {
    recipients = await sortRecipients(services.store, [{ name: undefined, address: to }]);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    return { state: 'failed', error: error.message };
  }
  const [userId] = recipients.userIds;
  const user = userId === undefined ? undefined : await services.store.read((session) => getUserRow(session, userId));
  if (user) return { state: 'done', alongside: await layInto(services, effect, user) };
  const [other] = recipients.others;
  if (other === undefined) return { state: 'failed', error: 'the address is that of nobody' };
  if (!services.hasRelay) return { state: 'again', error: 'no mail relay is configured' };
  return { state: 'done', alongside: await giveToRelay(services, effect, other) };
}

type Alongside = (tx: Transaction) => Steps<void>;

/** An incoming text stays a text; what else there is, is mail. */
async function layInto(services: EffectServices, effect: Effect, user: User): Promise<Alongside> {
  const { message, words } = effect.document as unknown as MailEffect;
  const now = services.now();
  const row =
    message.direction === 'incoming' && !words ? await findIncoming(services.store, effect.messageId) : undefined;
  if (row) return (tx) => layIncoming(tx, { text: asLeft(row, message), user, now });
  const octets = await composeFrom(services, effect);
  const mail = await parseMail(octets);
  return function* (tx) {
    const filed = { mail, octets, userId: user.id, folder: FolderType.Inbox, read: false, withBcc: false, now };
    const item = yield* fileMail(tx, filed);
    yield* forwardItem(tx, { user, item, octets, now });
  };
}

function* layIncoming(tx: Transaction, { text, user, now }: { text: Incoming; user: User; now: number }): Steps<void> {
  const gateway = yield* getGateway(tx, text.gateway);
  yield* layText(tx, { text, addressee: { by: 'gateway' }, gateway, user, now });
}

/** The text as the rules left it when they came to the action. */
function asLeft(row: Incoming, { from, to, body, isBinary }: MailedMessage): Incoming {
  const content = isBinary ? { properties: { ...row.properties, data: body } } : { text: body };
  return { ...row, sender: from, recipient: to === '' ? row.recipient : to, ...content };
}

async function giveToRelay(services: EffectServices, effect: Effect, recipient: string): Promise<Alongside> {
  const octets = await composeFrom(services, effect);
  const now = services.now();
  const expiresAt = now + Math.round(services.store.settings.current.expireMinutes * 60_000);
  const id = services.newId();
  return function* (tx) {
    // No bounce comes back to a rule; an administrator is told what does not arrive.
    const userId = effect.userId ?? (yield* getAdministrators(tx))[0]?.id;
    yield* enqueueMail(tx, { id, userId, sender: '', recipients: [recipient], octets, expiresAt, now });
  };
}

async function composeFrom({ store, newId, now }: EffectServices, effect: Effect): Promise<Uint8Array> {
  const { to, message, words, isCarrying } = effect.document as unknown as MailEffect;
  const domain = (await store.read(allDomains))[0]?.name ?? 'localhost';
  const text = words?.text ?? bodyOf(message);
  return composeMail({
    from: writeAddress(senderOf(message, domain)),
    to: recipientOf({ message, domain, to, isOwn: words !== undefined || isCarrying === true }),
    replyTo: message.replyTo,
    subject: (words?.subject ?? message.subject) || subjectOf(text),
    date: now(),
    messageId: `<${newId()}@${domain}>`,
    importance: importanceOf(message.priority),
    fields: [...automaticFields, writeField('X-Easms-Hops', [String(effect.hops)]), ...addedFields(message)],
    text,
  });
}

function addedFields({ headers }: MailedMessage): string[] {
  return headers.flatMap(({ name, value }) => (isAddable(name) ? writeField(name, writeText(value)) : []));
}

function bodyOf({ body, isBinary }: MailedMessage): string {
  return isBinary ? wordsOf({ text: '', properties: { data: body } }) : body;
}

function senderOf(message: MailedMessage, domain: string): { name: string | undefined; address: string } {
  const { sender, fromAddress, from } = message;
  if (sender) return { name: sender.name, address: sender.address };
  if (fromAddress !== undefined) return mailSenderOf({ mailFrom: fromAddress, number: from, domain });
  if (/^[^\s@]+@[^\s@]+$/.test(from)) return { name: undefined, address: from };
  return addressOfNumber({ number: from === '' ? 'unknown' : from, domain });
}

interface Addressing {
  message: MailedMessage;
  domain: string;
  to: string;
  /** A mail of the rule itself, or one that the message became. */
  isOwn: boolean;
}

// As the message says it, where it says anything: an archive is to show whom a text was for.
function recipientOf({ message, domain, to, isOwn }: Addressing): string {
  const written = isOwn ? '' : /^[^@&?]*(?:@[^&?]*)?/.exec(message.to)![0];
  if (message.direction === 'incoming' && written.includes('@')) return written;
  const number = written.replace(/@.*$/s, '');
  return number === ''
    ? writeAddress({ name: undefined, address: to })
    : writeAddress(addressOfNumber({ number, domain }));
}

function importanceOf(priority: number | undefined): number | undefined {
  if (priority === undefined) return undefined;
  return priority < 3 ? 2 : priority > 3 ? 0 : 1;
}

const taken =
  /^(from|to|cc|bcc|sender|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-.*|return-path|received|resent-.*|auto-submitted|importance)$/i;

// RFC 5322 2.2 Header Fields
function isAddable(name: string): boolean {
  return /^[!-9;-~]{1,76}$/.test(name) && !taken.test(name) && name.toLowerCase() !== hopsHeader;
}
