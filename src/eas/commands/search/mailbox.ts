// Items of a mailbox that a device looks for, by Search or Find.

import { getFolders } from '../../../store/mailboxes.js';
import { type Found, type ResultPage, searchItems, type SearchTerm } from '../../../store/search.js';
import type { ItemClass } from '../../../store/states.js';
import type { Folder, Item } from '../../../store/tables.js';
import { conversationMatcher } from '../../conversation.js';
import type { Exchange } from '../../exchange.js';
import { foldersBelow } from '../../folder-tree.js';
import { readFolderId } from '../../server-id.js';

export interface MailboxSearch {
  /** As named; none stands for mail, texts among it. */
  classes: ReadonlySet<string>;
  /** None stands for the whole mailbox. */
  collectionIds: readonly string[];
  /** The folders below them too. MS-ASCMD 2.2.3.41 DeepTraversal */
  isDeep: boolean;
  terms: readonly SearchTerm[];
  conversationId?: Uint8Array | undefined;
  after?: number | undefined;
  before?: number | undefined;
}

/** `undefined` where a CollectionId is not, or no longer, one of this mailbox. */
export async function searchMailbox(
  exchange: Exchange,
  search: MailboxSearch,
  page: ResultPage,
): Promise<Found<Item> | undefined> {
  const { store } = exchange.services;
  const folders = await store.read((session) => getFolders(session, exchange.user.id));
  const folderIds = foldersOf(folders, search);
  if (!folderIds) return undefined;
  const { terms, after, before, conversationId } = search;
  const matches = conversationId && conversationMatcher(conversationId, folders, exchange);
  const limits = { folderIds, classes: storedClasses(search.classes), terms, after, before };
  return searchItems(store, matches ? { ...limits, matches } : limits, page);
}

/** The root of all folders, which is none itself. */
const root = '0';

function foldersOf(folders: readonly Folder[], { collectionIds, isDeep }: MailboxSearch): number[] | undefined {
  if (collectionIds.length === 0 || collectionIds.includes(root)) return folders.map(({ id }) => id);
  const named = collectionIds.map((each) => folders.find(({ id }) => id === readFolderId(each))?.id);
  if (!named.every((each) => each !== undefined)) return undefined;
  return isDeep ? [...new Set([...named, ...foldersBelow(folders, named)])] : [...new Set(named)];
}

// Calendars, contacts and the like are classes of the protocol, of which this mailbox holds nothing.
function storedClasses(named: ReadonlySet<string>): ItemClass[] {
  if (named.size === 0 || named.has('Email')) return ['Email', 'SMS'];
  return named.has('SMS') ? ['SMS'] : [];
}

/** A text is found as text by who asks for texts, and by others as the mail it is shown as. */
export function foundAs(item: Item, named: ReadonlySet<string>): ItemClass {
  return item.class === 'SMS' && !named.has('SMS') ? 'Email' : item.class;
}
