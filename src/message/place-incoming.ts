// Where an incoming text lies: with the user it is for, else with everybody its gateway delivers to, else with whose phone
// received it, else with the administrators; and what goes on by mail from there.

import { fillEmailFrom } from '../mail/email-from.js';
import { writeMobileAddress } from '../sms/mobile-address.js';
import { getGateway } from '../store/gateways.js';
import { markKept, markPlaced } from '../store/incoming.js';
import { addItem, getItem, type NewItem } from '../store/items.js';
import { FolderType, getFolderOfType } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { ItemProperties } from '../store/states.js';
import type { Folder, Gateway, Incoming, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getAdministrators, getUser, getUserRow } from '../store/users.js';
import { ensureFolder } from './folder-path.js';
import { composeText, forwardItem, getOwnDomain, sendOn } from './forward.js';
import type { RuledIncoming } from './incoming-rules.js';
import { wordsOf } from './incoming-words.js';
import type { Addressee } from './reply-to.js';

export interface Placement {
  /** Who has it now; nobody where there is no administrator either: it is kept until there is somebody. */
  users: readonly User[];
  /** Addresses that the gateway delivers to and that no user has. */
  strayAddresses: number;
  /** It went by mail to an address elsewhere, which its sender's text asked for. */
  isMailed?: boolean;
  /** Rules sent it elsewhere, or keep it from all mailboxes. */
  isRuled?: boolean;
}

export interface Placing {
  text: Incoming;
  addressee: Addressee;
  /** What rules made of it, where they were asked. */
  ruled?: RuledIncoming | undefined;
  now: number;
}

export function* placeIncoming(tx: Transaction, placing: Placing): Steps<Placement> {
  const { text, ruled } = placing;
  if (ruled?.keptBy !== undefined) {
    yield* markKept(tx, text, ruled.keptBy);
    return { users: [], strayAddresses: 0, isRuled: true };
  }
  if (ruled?.isElsewhere && placing.addressee.by === 'gateway') return { users: [], strayAddresses: 0, isRuled: true };
  const gateway = yield* getGateway(tx, text.gateway);
  const inFolders = ruled ? yield* putInFolders(tx, { ...placing, gateway, ruled }) : undefined;
  const placement = inFolders ?? (yield* chooseRecipients(tx, placing, gateway));
  if (!inFolders) for (const user of placement.users) yield* layText(tx, { ...placing, gateway, user });
  if (placement.isMailed) yield* mailOut(tx, { ...placing, gateway });
  const isPlaced = placement.users.length > 0 || placement.isMailed === true;
  const wasPlaced = text.properties?.unplaced === undefined;
  if (isPlaced !== wasPlaced) yield* markPlaced(tx, text, isPlaced);
  return placement;
}

function* chooseRecipients(
  tx: Transaction,
  { text, addressee }: Placing,
  gateway: Gateway | undefined,
): Steps<Placement> {
  if (addressee.by === 'hash') return { users: [addressee.user], strayAddresses: 0 };
  if (addressee.by === 'link') {
    const { to } = addressee;
    return 'user' in to ? { users: [to.user], strayAddresses: 0 } : { users: [], strayAddresses: 0, isMailed: true };
  }
  return yield* whoeverGatewayDeliversTo(tx, text, gateway?.deliverTo ?? []);
}

function* whoeverGatewayDeliversTo(
  tx: Transaction,
  { properties }: Incoming,
  addresses: readonly string[],
): Steps<Placement> {
  const found = new Map<number, User>();
  let strayAddresses = 0;
  for (const address of addresses) {
    const user = yield* getUser(tx, address.toLowerCase());
    if (user) found.set(user.id, user);
    else strayAddresses++;
  }
  if (found.size > 0) return { users: [...found.values()], strayAddresses };
  const owner = properties?.own && (yield* getUserRow(tx, properties.own.user));
  return { users: owner ? [owner] : yield* getAdministrators(tx), strayAddresses };
}

interface Placed extends Placing {
  gateway: Gateway | undefined;
}

/** The folders that rules name, of whom they name or of everybody it is for; undefined where none of them can have it. */
function* putInFolders(tx: Transaction, placed: Placed & { ruled: RuledIncoming }): Steps<Placement | undefined> {
  if (placed.ruled.folders.length === 0) return undefined;
  const has = new Map<number, User>();
  for (const { folder: path, address } of placed.ruled.folders) {
    const named = address === undefined ? undefined : yield* getUser(tx, address.toLowerCase());
    const everybody = address === undefined ? (yield* chooseRecipients(tx, placed, placed.gateway)).users : [];
    for (const user of named ? [named] : everybody)
      if (yield* layIntoFolder(tx, { ...placed, user }, path)) has.set(user.id, user);
  }
  return has.size > 0 ? { users: [...has.values()], strayAddresses: 0 } : undefined;
}

/** False where the folder cannot be. */
function* layIntoFolder(tx: Transaction, placed: LaidText, path: string): Steps<boolean> {
  // It stays where it lies.
  if (isOwn(placed.text, placed.user)) {
    yield* sendOwnOn(tx, placed);
    return true;
  }
  const folder = yield* ensureFolder(tx, placed.user.id, path);
  if (folder) yield* layText(tx, { ...placed, folder });
  return folder !== undefined;
}

interface LaidText extends Placed {
  user: User;
  /** Else the Inbox. */
  folder?: Folder;
}

/** Into one mailbox, and from there by mail where its user wants that. */
export function* layText(tx: Transaction, placed: LaidText): Steps<void> {
  const { user, ruled, now } = placed;
  if (isOwn(placed.text, user)) return yield* sendOwnOn(tx, placed);
  const text = ruled?.text ?? placed.text;
  const inbox = placed.folder ?? (yield* getFolderOfType(tx, user.id, FolderType.Inbox));
  const number = text.recipient ?? user.phoneNumber ?? undefined;
  const item = yield* addItem(tx, {
    ...contentOf(placed, user.domain),
    userId: user.id,
    folderId: inbox.id,
    to: writeMobileAddress({ name: user.displayName ?? undefined, number }),
  });
  yield* forwardItem(tx, { user, item, hops: text.properties?.hops, now });
}

/** The user's own phone received it: it lies there, and stays as it is. */
function isOwn({ properties }: Incoming, user: User): boolean {
  return properties?.own?.user === user.id;
}

// Gone where the user moved or removed it since.
function* sendOwnOn(tx: Transaction, placed: LaidText): Steps<void> {
  const { text, user, now } = placed;
  const inbox = yield* getFolderOfType(tx, user.id, FolderType.Inbox);
  const item = yield* getItem(tx, inbox.id, text.properties!.own!.item);
  if (!item) return;
  const { properties } = contentOf({ ...placed, ruled: undefined }, user.domain);
  yield* forwardItem(tx, { user, item: { ...item, properties: { ...item.properties, ...properties } }, now });
}

function contentOf(
  { text: row, ruled, gateway, addressee, now }: Placed,
  domain: string,
): Pick<NewItem, 'from' | 'text' | 'date' | 'subject' | 'importance'> & { class: 'SMS'; properties: ItemProperties } {
  const text = ruled?.text ?? row;
  const { sender } = text;
  const mailFrom = fillEmailFrom(gateway?.emailFrom ?? null, { number: sender, domain });
  const mailId = addressee.by === 'link' ? addressee.mailId : undefined;
  return {
    class: 'SMS',
    from: writeMobileAddress({ number: sender }),
    text: wordsOf(text),
    date: now,
    ...(ruled?.subject !== undefined && { subject: ruled.subject }),
    ...(ruled?.importance !== undefined && { importance: ruled.importance }),
    properties: { mailFrom, ...(mailId !== undefined && { inReplyTo: mailId }) },
  };
}

/** To an address that is no user's: it lies in no mailbox here. */
function* mailOut(tx: Transaction, placed: Placed): Steps<void> {
  const { text, addressee, now } = placed;
  if (addressee.by !== 'link' || !('address' in addressee.to)) return;
  const { address } = addressee.to;
  // Where the gateway says nothing of it, mail comes from a domain of ours, never from that of the recipient.
  const domain = yield* getOwnDomain(tx);
  const item = { ...contentOf(placed, domain), id: 0, to: '', messageId: `in-${text.id}` };
  const octets = composeText(tx, item, { address, domain, displayName: null, phoneNumber: null });
  yield* sendOn(tx, { user: undefined, item: { id: `in-${text.id}` }, addresses: [address], octets, now });
}
