// Whom an incoming text is for before anybody's rules: the user whom it names, else whoever wrote to its sender while that is
// remembered.

import { comparable, isCountry, readNumber } from '../sms/number.js';
import { getBegun, getLinks, keepLink } from '../store/reply-links.js';
import type { Session, Transaction } from '../store/session.js';
import type { Incoming, Message, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser, getUserRow } from '../store/users.js';
import { limits } from './limits.js';

/** Incoming rules run over what names a user and over what nobody asked for; the others skip them. */
export type Addressee =
  | { by: 'hash'; user: User }
  | { by: 'link'; to: LinkTarget; mailId: string | undefined }
  /** Several wrote to this number: nobody knows whom it answers. `mayTell` while its sender can be told so. */
  | { by: 'conflict'; mayTell: boolean }
  | { by: 'gateway' };

/** A user of this server, or an address elsewhere that a sender asked answers to go to. */
export type LinkTarget = { user: User } | { address: string };

export function* findAddressee(
  tx: Session,
  text: Pick<Incoming, 'sender' | 'text' | 'properties'>,
  now: number,
): Steps<Addressee> {
  const { deliverByHash, deliverToOriginalSender, keepMinutes } = tx.settings.current.incoming;
  const named = deliverByHash ? yield* findNamed(tx, text.text) : undefined;
  if (named) return { by: 'hash', user: named };
  const { own, sentAt = now } = text.properties ?? {};
  // What a phone brings late was there before the text that it would seem to answer.
  const isTooOld = own !== undefined && sentAt < now - keepMinutes * 60_000;
  const isAnswer = deliverToOriginalSender && !isTooOld;
  return isAnswer ? yield* findOriginalSender(tx, text.sender, now) : { by: 'gateway' };
}

/** The first user whose address stands between two `#`. */
export function* findNamed(tx: Session, text: string): Steps<User | undefined> {
  for (const address of addressesBetweenHashes(text)) {
    const user = yield* getUser(tx, address);
    if (user) return user;
  }
  return undefined;
}

/** `Hello #ada@example.com# and #bob@example.com#` names both. A `#` may end one and begin the next. */
export function addressesBetweenHashes(text: string): string[] {
  const between = text.split('#').slice(1, -1).slice(0, limits.hashes);
  return between
    .map((piece) => piece.trim().toLowerCase())
    .filter((piece) => piece.length <= limits.mailAddressCharacters && /^[^\s@]+@[^\s@]+$/.test(piece));
}

function* findOriginalSender(tx: Session, sender: string, now: number): Steps<Addressee> {
  if (readNumber(sender) === undefined) return { by: 'gateway' };
  const key = numberKey(tx, sender);
  const links = yield* getLinks(tx, key, now);
  const targets = new Map<string, { to: LinkTarget; mailId: string | undefined }>();
  for (const { target, mailId } of [...(yield* linksOfBegun(tx, key)), ...links]) {
    const to = yield* readTarget(tx, target);
    const name = to && ('user' in to ? `user:${to.user.id}` : to.address);
    if (name !== undefined && !targets.has(name)) targets.set(name, { to: to!, mailId: mailId ?? undefined });
  }
  const [first, second] = targets.values();
  if (!first) return { by: 'gateway' };
  if (!second) return { by: 'link', ...first };
  return { by: 'conflict', mayTell: links.some(({ conflicts }) => conflicts < limits.conflictTexts) };
}

type Begun = Pick<Message, 'recipient' | 'userId' | 'properties'>;

// The other side may be quicker than a bearer that says what it did.
function* linksOfBegun(tx: Session, key: string): Steps<{ target: string; mailId: string | null }[]> {
  const begun = yield* getBegun(tx, limits.begunTexts);
  return begun
    .filter(({ recipient }) => numberKey(tx, recipient) === key)
    .flatMap((message) => {
      const target = targetOf(message);
      return target === undefined ? [] : [{ target, mailId: message.properties?.mailId ?? null }];
    });
}

/** Who gets what answers it; nobody where none is known to have sent it. */
function targetOf({ userId, properties }: Begun): string | undefined {
  return replyAddressOf(properties?.reply) ?? (userId === null ? undefined : `user:${userId}`);
}

const ofUser = /^user:(\d+)$/;

// A user may be gone, and an address may have become that of one.
function* readTarget(tx: Session, target: string): Steps<LinkTarget | undefined> {
  const [, row] = ofUser.exec(target) ?? [];
  const user = row === undefined ? yield* getUser(tx, target.toLowerCase()) : yield* getUserRow(tx, Number(row));
  if (user) return { user };
  return row === undefined ? { address: target } : undefined;
}

/** The link lasts from when the text is sent. Nothing is kept of a text that nobody is known to have sent. */
export function* keepReplyLink(tx: Transaction, message: Message, now: number): Steps<void> {
  const { recipient, properties } = message;
  const { deliverToOriginalSender, keepMinutes } = tx.settings.current.incoming;
  const target = targetOf(message);
  if (target === undefined || !deliverToOriginalSender) return;
  const expiresAt = now + Math.round(keepMinutes * 60_000);
  const mailId = properties?.mailId ?? null;
  yield* keepLink(tx, { number: numberKey(tx, recipient), target, mailId, sentAt: now, expiresAt });
}

/** The number under which links are found, whichever way it is written. */
export function numberKey(tx: Session, number: string): string {
  const country = tx.settings.current.defaultCountry;
  return comparable(number, country !== undefined && isCountry(country) ? country : undefined);
}

// What a request names as `reply` is anything: an answer can only go to an address of mail.
const mailAddress = /^[^\s"(),:;<>@[\\\]\p{Cc}]+@[^\s"(),:;<>@[\\\]\p{Cc}]+$/u;

export function replyAddressOf(reply: string | undefined): string | undefined {
  return reply !== undefined && mailAddress.test(reply) ? reply.toLowerCase() : undefined;
}
