// ResolveRecipients: whom a name or an address means, among the users of the caller's own domain.
// MS-ASCMD 2.2.1.15 ResolveRecipients

import { setImmediate } from 'node:timers/promises';
import { readNumber } from '../../sms/number.js';
import { searchUsers } from '../../store/search.js';
import type { Store } from '../../store/open.js';
import type { User } from '../../store/tables.js';
import { getUser } from '../../store/users.js';
import { ResolveRecipients } from '../../wbxml/airsync/resolve-recipients.js';
import { child, children, type Element, element, text, textOf } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { EasServices, Exchange } from '../exchange.js';
import { limits } from '../limits.js';
import { CertificatesStatus, CommonStatus, RecipientStatus, ResolveRecipientsStatus } from '../statuses.js';
import { isSince, type ProtocolVersion } from '../versions.js';

/** What is asked beside the names. There is neither a certificate nor a calendar nor a picture of anybody. */
interface Wish {
  suggestions: number;
  certificates: boolean;
  availability: boolean;
  picture: boolean;
}

// MS-ASCMD 2.2.3.186.5 Type (ResolveRecipients): from the list of users, not from somebody's contacts.
const typeOfUser = 1;

export async function resolveRecipients({ services, user, body, version }: Exchange): Promise<Element> {
  const names = (body ? children(body, ResolveRecipients.To) : []).map((each) => textOf(each) ?? '');
  if (names.length === 0 || names.length > limits.recipients || !names.every(isName))
    throw protocolError('ResolveRecipients without To, with too many, or with one that is empty or too long');
  const wish = readOptions(child(body!, ResolveRecipients.Options), version);
  const responses: Element[] = [];
  for (const name of names) {
    responses.push(await resolve(services, { name, user, wish }));
    // Each name may walk the users of a whole domain: everybody else's requests come in between.
    await setImmediate();
  }
  return element(ResolveRecipients.ResolveRecipients, [
    element(ResolveRecipients.Status, String(ResolveRecipientsStatus.Success)),
    ...responses,
  ]);
}

function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= limits.recipientCharacters;
}

function readOptions(options: Element | undefined, version: ProtocolVersion): Wish {
  const ask = (tag: number) => (options ? child(options, tag) : undefined);
  const number = (tag: number, range: Range) => readNumberOf(options && text(options, tag), range);
  const retrieval = number(ResolveRecipients.CertificateRetrieval, { least: 1, most: 3 });
  const suggestions = number(ResolveRecipients.MaxAmbiguousRecipients, { least: 0, most: 9999 });
  number(ResolveRecipients.MaxCertificates, { least: 0, most: 9999 });
  const availability = isSince(version, '14.0') ? ask(ResolveRecipients.Availability) : undefined;
  if (availability) checkTimes(availability);
  return {
    suggestions: Math.min(suggestions ?? limits.suggestions, limits.suggestions),
    // MS-ASCMD 2.2.3.22 CertificateRetrieval: 1 asks for none, 2 for whole ones, 3 for small ones.
    certificates: retrieval === 2 || retrieval === 3,
    availability: availability !== undefined,
    picture: isSince(version, '14.1') && ask(ResolveRecipients.Picture) !== undefined,
  };
}

interface Range {
  least: number;
  most: number;
}

function readNumberOf(written: string | undefined, { least, most }: Range): number | undefined {
  if (written === undefined) return undefined;
  const value = /^\d{1,9}$/.test(written) ? Number(written) : NaN;
  if (!(value >= least && value <= most)) throw protocolError('an option is out of range');
  return value;
}

// MS-ASCMD 2.2.3.176.2 StartTime (ResolveRecipients), 2.2.3.61.2 EndTime (ResolveRecipients)
function checkTimes(availability: Element): void {
  const start = Date.parse(text(availability, ResolveRecipients.StartTime) ?? '');
  const endTime = text(availability, ResolveRecipients.EndTime);
  if (Number.isNaN(start) || (endTime !== undefined && !(Date.parse(endTime) > start)))
    throw protocolError('Availability without a time that begins before it ends');
}

interface Asked {
  name: string;
  user: User;
  wish: Wish;
}

async function resolve({ store }: EasServices, { name, user, wish }: Asked): Promise<Element> {
  const { people, total } = await findPeople(store, { wanted: addressWithin(name), domain: user.domain });
  const shown = total === 1 ? people : people.slice(0, wish.suggestions);
  return element(ResolveRecipients.Response, [
    element(ResolveRecipients.To, name),
    element(ResolveRecipients.Status, String(statusOf(total, shown.length))),
    element(ResolveRecipients.RecipientCount, String(total)),
    ...shown.map((each) => writeRecipient(each, { wish, isSuggestion: total > 1 })),
  ]);
}

interface People {
  people: User[];
  total: number;
}

/** Whoever is named exactly, else whoever may be meant. */
async function findPeople(store: Store, { wanted, domain }: { wanted: string; domain: string }): Promise<People> {
  const addressed = await store.read((session) => getUser(session, wanted.toLowerCase()));
  if (addressed?.domain === domain) return { people: [addressed], total: 1 };
  const { rows, total } = await searchUsers(store, { domain, text: wanted }, { offset: 0, limit: limits.suggestions });
  const number = readNumber(wanted);
  const isNamed = ({ displayName, phoneNumber }: User) =>
    fold(displayName ?? '') === fold(wanted) || (number !== undefined && phoneNumber === number);
  const named = rows.filter(isNamed);
  return named.length > 0 ? { people: named, total: named.length } : { people: rows, total };
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** A recipient may stand as it does in mail, with a name before the address. */
function addressWithin(name: string): string {
  return (/<([^<>]+)>\s*$/.exec(name)?.[1] ?? name).trim();
}

function statusOf(total: number, shown: number): number {
  if (total === 0) return RecipientStatus.NotResolved;
  if (total === 1) return RecipientStatus.Resolved;
  return shown < total ? RecipientStatus.AmbiguousInPart : RecipientStatus.Ambiguous;
}

function writeRecipient(user: User, { wish, isSuggestion }: { wish: Wish; isSuggestion: boolean }): Element {
  const status = (value: number) => element(ResolveRecipients.Status, String(value));
  // Only of whom is meant for sure: neither certificates nor availability stand in a suggestion.
  const certificates = [status(CertificatesStatus.NoCertificate), element(ResolveRecipients.CertificateCount, '0')];
  return element(ResolveRecipients.Recipient, [
    element(ResolveRecipients.Type, String(typeOfUser)),
    element(ResolveRecipients.DisplayName, user.displayName ?? user.address),
    element(ResolveRecipients.EmailAddress, user.address),
    wish.availability && !isSuggestion
      ? element(ResolveRecipients.Availability, [status(CommonStatus.AvailabilityFailure)])
      : undefined,
    wish.certificates && !isSuggestion ? element(ResolveRecipients.Certificates, certificates) : undefined,
    wish.picture ? element(ResolveRecipients.Picture, [status(CommonStatus.NoPicture)]) : undefined,
  ]);
}

function protocolError(reason: string): StatusError {
  return new StatusError(ResolveRecipientsStatus.ProtocolError, reason);
}
