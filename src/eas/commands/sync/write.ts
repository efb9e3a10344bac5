// The elements of a Sync answer.
// MS-ASCMD 2.2.1.21 Sync, response

import type { Session } from '../../../store/session.js';
import type { ItemClass, StickyOptions } from '../../../store/states.js';
import type { CountryCode } from '../../../sms/number.js';
import type { Folder, Item, User } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { type Element, element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { type ItemWish, writeItem } from '../../item-classes/item.js';
import type { MailContent } from '../../item-classes/mail.js';
import { itemServerId } from '../../server-id.js';
import { SyncStatus } from '../../statuses.js';
import type { ServerChange } from './basket.js';
import type { ProtocolVersion } from '../../versions.js';
import type { CollectionRequest } from './read.js';
import { writeShown } from './written-items.js';

export function writeSync(collections: readonly Element[]): Element {
  return element(AirSync.Sync, [element(AirSync.Collections, collections)]);
}

interface WrittenCollection {
  syncKey: number;
  request: CollectionRequest;
  responses: readonly Element[];
  commands: readonly Element[];
  isMore: boolean;
}

export function writeCollection({ syncKey, request, responses, commands, isMore }: WrittenCollection): Element {
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, String(syncKey)),
    element(AirSync.CollectionId, request.collectionId),
    element(AirSync.Status, String(SyncStatus.Success)),
    responses.length > 0 ? element(AirSync.Responses, responses) : undefined,
    isMore ? element(AirSync.MoreAvailable) : undefined,
    commands.length > 0 ? element(AirSync.Commands, commands) : undefined,
  ]);
}

export function writeRefusedCollection(request: CollectionRequest, status: number): Element {
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, request.syncKey),
    element(AirSync.CollectionId, request.collectionId),
    element(AirSync.Status, String(status)),
  ]);
}

/** For whom a Collection is written, and how that device wants it. */
export interface Manner {
  exchange: Pick<Exchange, 'user' | 'version' | 'services'>;
  folder: Pick<Folder, 'type'>;
  options: readonly StickyOptions[];
}

/** How the items of a Collection are written, for each class the device may see them as. */
export type Wishes = Readonly<Record<ItemClass, ItemWish>>;

/** Of the Options that a device keeps, which it asks with again and again. */
const wishesKept = new WeakMap<readonly StickyOptions[], { wishes: Wishes; manner: Surroundings }>();

interface Surroundings {
  owner: User;
  version: ProtocolVersion;
  folderType: number;
  defaultCountry: CountryCode | undefined;
}

export function wishesOf({ exchange, folder, options }: Manner): Wishes {
  const { user: owner, version, services } = exchange;
  const defaultCountry = services.store.settings.current.defaultCountry as CountryCode | undefined;
  const manner: Surroundings = { owner, version, folderType: folder.type, defaultCountry };
  const known = wishesKept.get(options);
  if (known && isSame(known.manner, manner)) return known.wishes;
  const wishes = new WishesOfDevice(manner, options);
  wishesKept.set(options, { wishes, manner });
  return wishes;
}

function isSame(a: Surroundings, b: Surroundings): boolean {
  const isForSame = a.owner === b.owner && a.version === b.version;
  return isForSame && a.folderType === b.folderType && a.defaultCountry === b.defaultCountry;
}

// Made when they are asked for: most Collections hold one class.
class WishesOfDevice implements Wishes {
  readonly #manner: Surroundings;
  readonly #options: readonly StickyOptions[];
  #mail: ItemWish | undefined;
  #texts: ItemWish | undefined;

  constructor(manner: Surroundings, options: readonly StickyOptions[]) {
    this.#manner = manner;
    this.#options = options;
  }

  get Email(): ItemWish {
    return (this.#mail ??= this.#wish('Email'));
  }

  get SMS(): ItemWish {
    return (this.#texts ??= this.#wish('SMS'));
  }

  #wish(as: ItemClass): ItemWish {
    const { owner, version, folderType, defaultCountry } = this.#manner;
    const surroundings = { folderType, defaultCountry };
    const { address, displayName, phoneNumber } = owner;
    const options = this.#options.find((each) => each.class === as);
    const name = JSON.stringify([as, version, options, address, displayName, phoneNumber, surroundings]);
    return { as, version, owner, surroundings, options, name };
  }
}

/** `content` is what the item has beside its row. */
export function writeChange(change: ServerChange, wishes: Wishes, content?: MailContent): Element {
  if (change.kind === 'Delete') return writeDelete(change, wishes[change.as].version);
  if (change.kind === 'SoftDelete')
    return element(AirSync.SoftDelete, [element(AirSync.ServerId, itemServerId(change.item, change.as))]);
  const tag = change.kind === 'Add' ? AirSync.Add : AirSync.Change;
  return element(tag, writeShown(change, wishes[change.as], content));
}

function writeDelete({ tombstone, as }: Extract<ServerChange, { kind: 'Delete' }>, version: ProtocolVersion): Element {
  const { folderId, itemId, class: own } = tombstone;
  return element(AirSync.Delete, [
    // In 14.0 the deletion of a text carries no Class.
    as === 'SMS' && version !== '14.0' ? element(AirSync.Class, 'SMS') : undefined,
    element(AirSync.ServerId, itemServerId({ folderId, id: itemId, class: own }, as)),
  ]);
}

export function* writeProperties(
  session: Session,
  { item, as }: { item: Item; as: ItemClass },
  manner: Manner,
): Steps<Element[]> {
  return yield* writeItem(session, item, wishesOf(manner)[as]);
}
