// What a device changes of an item that it knows as mail: whether it was read, its flag and its categories.
// MS-ASEMAIL 2.2.2

import type { ItemChange } from '../../store/items.js';
import type { ItemProperties } from '../../store/states.js';
import type { Item } from '../../store/tables.js';
import { Email } from '../../wbxml/airsync/email.js';
import { children, type Element, textOf } from '../../wbxml/element.js';
import { readFlag } from './flag.js';

// Stops: categories without end. MS-ASEMAIL 2.2.2.13 Category
const mostCategories = 300;
const longestCategoryCharacters = 255;

/** Other elements of a mail that is not a draft stay as they came. `undefined` where a value is malformed. */
export function readMailChange(data: Element, item: Item): ItemChange | undefined {
  const properties: ItemProperties = { ...item.properties };
  const change: ItemChange = {};
  for (const each of children(data)) {
    const isRead = readers[each.tag]?.(each, change, properties) ?? true;
    if (!isRead) return undefined;
  }
  return { ...change, properties };
}

type Reader = (property: Element, change: ItemChange, properties: ItemProperties) => boolean;

const readers: Readonly<Record<number, Reader>> = {
  [Email.Read]: readRead,
  [Email.Flag]: readFlagOf,
  [Email.Categories]: readCategories,
};

// MS-ASEMAIL 2.2.2.58 Read
function readRead(property: Element, change: ItemChange): boolean {
  const value = textOf(property);
  change.read = value === '1';
  return value === '0' || value === '1';
}

function readFlagOf(property: Element, _change: ItemChange, properties: ItemProperties): boolean {
  const flag = readFlag(property);
  if (flag === 'malformed') return false;
  delete properties.flag;
  if (flag) properties.flag = flag;
  return true;
}

// MS-ASEMAIL 2.2.2.12 Categories
function readCategories(property: Element, _change: ItemChange, properties: ItemProperties): boolean {
  const categories = children(property, Email.Category).map(textOf);
  const isShort = (each: string | undefined) => each !== undefined && each.length <= longestCategoryCharacters;
  if (categories.length > mostCategories || !categories.every(isShort)) return false;
  delete properties.categories;
  if (categories.length > 0) properties.categories = categories as string[];
  return true;
}
