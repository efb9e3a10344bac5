// What an Add or a Change holds, for items that several devices fetch, or one fetches again: written to octets once, and given
// as octets from then on.
// MS-ASCMD 2.2.3.32 Commands

import type { ItemClass } from '../../../store/states.js';
import type { Item } from '../../../store/tables.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { type Element, element, type EncodedContent } from '../../../wbxml/element.js';
import { encodeContent } from '../../../wbxml/encode.js';
import { type ItemWish, writeItemWith } from '../../item-classes/item.js';
import { type MailContent, nothingBeside } from '../../item-classes/mail.js';
import { itemServerId } from '../../server-id.js';

const page = AirSync.Add >> 8;

/** By the row as the store keeps it, which is another one when anything in it has changed; then by what the device wishes. */
const written = new WeakMap<Item, Map<string, EncodedContent>>();

/** Wishes of one item: more are a mailbox of many kinds of devices, and are written each time. */
const wishesKept = 2;

export interface Shown {
  item: Item;
  /** The class under which the device sees it. */
  as: ItemClass;
}

/** `content` is what the item has beside its row. MS-ASCMD 2.2.3.27.6 Class (Sync): named where it is not that of the folder. */
export function writeShown(shown: Shown, wish: ItemWish, content = nothingBeside): readonly Element[] | EncodedContent {
  // A row that the store does not keep is of this answer alone, and what is not in the row changes without it.
  const isKept = Object.isFrozen(shown.item) && content === nothingBeside && wish.name !== undefined;
  return isKept ? encodedOf(shown, wish, wish.name!) : write(shown, wish, content);
}

function encodedOf(shown: Shown, wish: ItemWish, name: string): EncodedContent {
  const known = written.get(shown.item);
  const ready = known?.get(name);
  if (ready) return ready;
  const encoded = encodeContent(write(shown, wish, nothingBeside), page);
  if (!known) written.set(shown.item, new Map([[name, encoded]]));
  else if (known.size < wishesKept) known.set(name, encoded);
  return encoded;
}

function write({ item, as }: Shown, wish: ItemWish, content: MailContent): readonly Element[] {
  const serverId = element(AirSync.ServerId, itemServerId(item, as));
  const data = element(AirSync.ApplicationData, writeItemWith(item, wish, content));
  return as === 'SMS' ? [element(AirSync.Class, 'SMS'), serverId, data] : [serverId, data];
}
