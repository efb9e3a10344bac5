// How folders and items are named on the wire: a folder by its number, an item by its folder and its own. A text that is
// shown as mail has another name than the text itself, because the class of an item on a device never changes silently.

import type { ItemClass } from '../store/states.js';
import type { Item } from '../store/tables.js';

const folderName = /^[1-9]\d{0,14}$/;
const itemName = /^([1-9]\d{0,14}):(m?)([1-9]\d{0,14})$/;

export function folderServerId(folderId: number): string {
  return String(folderId);
}

export function readFolderId(serverId: string): number | undefined {
  return folderName.test(serverId) ? Number(serverId) : undefined;
}

type NamedItem = Pick<Item, 'folderId' | 'id' | 'class'>;

/** The name of an item that is shown under its own class, or under another one. */
export function itemServerId({ folderId, id, class: own }: NamedItem, as: ItemClass = own): string {
  return `${folderId}:${as === own ? '' : 'm'}${id}`;
}

export interface ItemName {
  folderId: number;
  itemId: number;
  /** A text under the name it has as mail. */
  isAsMail: boolean;
}

export function readItemId(serverId: string): ItemName | undefined {
  const match = itemName.exec(serverId);
  return match ? { folderId: Number(match[1]), itemId: Number(match[3]), isAsMail: match[2] === 'm' } : undefined;
}

/** Whether an item has this name: no mail is called as texts are that are shown as mail. */
export function isNameOf(name: ItemName, item: Pick<Item, 'class'>): boolean {
  return item.class === 'SMS' || !name.isAsMail;
}
