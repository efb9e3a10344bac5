// Texts that a phone received itself and put into its user's Inbox: they are the user's own. Where the phone serves a gateway
// they are incoming texts of that gateway as well. See docs/decisions/0141.

import { hash } from 'node:crypto';
import { readMobileAddresses } from '../sms/mobile-address.js';
import { getElectedRow } from '../store/elected.js';
import { getGateways } from '../store/gateways.js';
import { incomingKeptMilliseconds } from '../store/housekeeping.js';
import type { Transaction } from '../store/session.js';
import type { Device, Gateway, Item, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { ofEachStore, UntilChanged } from '../store/until-changed.js';
import { limits } from './limits.js';
import { peerOf } from './peer.js';
import { beginTaking, type ReceiveServices, tellOfTaken } from './receive.js';
import { storable } from './storable-text.js';
import { takeIncoming, type Taking } from './take-incoming.js';

/** What a transaction needs in which texts of a phone come in that may serve a gateway. */
export interface PhoneTexts {
  readonly gateway: PhoneGateway;
  readonly taking: Taking;
}

type PhoneGateway = Pick<Gateway, 'id' | 'createdAt'>;

/** Nothing where no gateway sends through phones of this user, which is known from memory. */
export async function beginPhoneTexts(services: ReceiveServices, user: User): Promise<PhoneTexts | undefined> {
  const known = phoneGateways(services.store).get();
  const gateways = known instanceof Promise ? await known : known;
  if (gateways.size === 0) return undefined;
  const own = [user.address, ...user.aliases].flatMap((address) => gateways.get(address) ?? []);
  const [gateway] = own.sort((a, b) => (a.id < b.id ? -1 : 1));
  return gateway && { gateway, taking: await beginTaking(services) };
}

/** After the commit: the log is told what became of them. */
export function tellOfPhoneTexts(services: ReceiveServices, texts: PhoneTexts | undefined): void {
  if (texts) tellOfTaken(services, texts.taking);
}

export interface PhoneText {
  /** As it lies in the Inbox now. */
  item: Item;
  device: Device;
}

/** Part of the commit that puts the text there. Only the phone that the user's texts go out through is the gateway's. */
export function* passPhoneText(tx: Transaction, texts: PhoneTexts, { item, device }: PhoneText): Steps<void> {
  const { gateway, taking } = texts;
  if (item.text === '' || isOfBefore(item, { gateway, device, now: taking.now })) return;
  if ((yield* getElectedRow(tx, item.userId)) !== device.id) return;
  const sender = peerIn(item.from) ?? 'unknown';
  const recipient = peerIn(item.to) ?? device.phoneNumber ?? undefined;
  yield* takeIncoming(tx, taking, {
    id: taking.newId(),
    gateway: gateway.id,
    reference: referenceOf(item, sender),
    sender,
    recipient,
    text: storable(item.text),
    properties: { sentAt: item.date, own: { user: item.userId, item: item.id } },
  });
}

interface Since {
  gateway: PhoneGateway;
  device: Device;
  now: number;
}

// What was on the phone before it came here, or before it was a gateway, is nothing that comes in. Nor can it be known of what
// is older than all that is remembered whether it came in before.
function isOfBefore({ date }: Item, { gateway, device, now }: Since): boolean {
  return date < Math.max(gateway.createdAt, device.createdAt, now - incomingKeptMilliseconds);
}

function peerIn(addresses: string): string | undefined {
  const [first] = readMobileAddresses(addresses) ?? [];
  const written = first?.number || first?.name;
  if (!written) return undefined;
  // What is cut may end within a character.
  return storable(peerOf(written).slice(0, limits.peerCharacters).trim());
}

// Whoever begins anew brings all its texts again, under other ClientIds, and another phone of the user may have them too.
function referenceOf({ text, date }: Item, sender: string): string {
  return hash('sha256', JSON.stringify([sender, text, date]), 'base64url');
}

type PhoneGateways = ReadonlyMap<string, PhoneGateway>;

// Of several that name one user, the first in the order of their ids: the text came in once.
function byOwner(gateways: readonly Gateway[]): PhoneGateways {
  const known = new Map<string, PhoneGateway>();
  for (const { id, type, active, options, createdAt } of gateways) {
    const owner = options['user'];
    if (type !== 'activesync' || !active || typeof owner !== 'string') continue;
    if (!known.has(owner.toLowerCase())) known.set(owner.toLowerCase(), { id, createdAt });
  }
  return known;
}

/** By address of their user, kept in memory: every text that any phone uploads asks. */
const phoneGateways = ofEachStore(
  (store) => new UntilChanged(store, ['gateways'], async () => byOwner(await store.read(getGateways))),
);
