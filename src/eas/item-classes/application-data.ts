// ApplicationData of items that several devices fetch, or one fetches again: written to octets once, and as octets from then on.
// MS-ASCMD 2.2.3.32 Commands

import type { Item } from '../../store/tables.js';
import { AirSync } from '../../wbxml/airsync/air-sync.js';
import { type Element, element, type EncodedContent } from '../../wbxml/element.js';
import { encodeContent } from '../../wbxml/encode.js';
import { type ItemWish, writeItemWith } from './item.js';
import { type MailContent, nothingBeside } from './mail.js';

const page = AirSync.ApplicationData >> 8;

/** By the row as the store keeps it, which is another one when anything in it has changed; then by what the device wishes. */
const written = new WeakMap<Item, Map<string, EncodedContent>>();

/** Wishes of one item: more are a mailbox of many kinds of devices, and are written each time. */
const wishesKept = 4;

/** `content` is what the item has beside its row. */
export function writeApplicationData(item: Item, wish: ItemWish, content: MailContent = nothingBeside): Element {
  // A row that the store does not keep is of this answer alone, and what is not in the row changes without it.
  const isKept = Object.isFrozen(item) && content === nothingBeside && wish.name !== undefined;
  const data = isKept ? encodedOf(item, wish, wish.name!) : writeItemWith(item, wish, content);
  return element(AirSync.ApplicationData, data);
}

function encodedOf(item: Item, wish: ItemWish, name: string): EncodedContent {
  const known = written.get(item);
  const ready = known?.get(name);
  if (ready) return ready;
  const encoded = encodeContent(writeItemWith(item, wish, nothingBeside), page);
  if (!known) written.set(item, new Map([[name, encoded]]));
  else if (known.size < wishesKept) known.set(name, encoded);
  return encoded;
}
