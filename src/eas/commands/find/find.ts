// Find: what 16.1 searches with, for lists of results rather than for whole items.
// MS-ASCMD 2.2.1.2 Find

import { getFolders } from '../../../store/mailboxes.js';
import type { Found, ResultPage } from '../../../store/search.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { Find } from '../../../wbxml/airsync/find.js';
import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { child, children, type Element, element, text, textOf } from '../../../wbxml/element.js';
import { surroundingsIn } from '../../conversation.js';
import { StatusError } from '../../errors.js';
import type { Exchange } from '../../exchange.js';
import { limits } from '../../limits.js';
import { folderServerId, itemServerId } from '../../server-id.js';
import { FindStatus } from '../../statuses.js';
import { searchAddressList, writeUser } from '../search/gal.js';
import { hasAlternatives, readKeywords } from '../search/keywords.js';
import { foundAs, type MailboxSearch, searchMailbox } from '../search/mailbox.js';
import { readRange, writtenRange } from '../search/range.js';
import { writeListing } from './listing.js';

/** Throws StatusError of the whole command. */
export async function find(exchange: Exchange): Promise<Element> {
  const execute = exchange.body && child(exchange.body, Find.ExecuteSearch);
  const [criterion, ...more] = execute ? children(execute) : [];
  if (!criterion || more.length > 0) throw invalid('Find of nothing, or of several things');
  switch (criterion.tag) {
    case Find.MailBoxSearchCriterion:
      return findItems(exchange, criterion);
    case Find.GALSearchCriterion:
      return findUsers(exchange, criterion);
    default:
      throw invalid('Find of what there is not');
  }
}

function invalid(reason: string): StatusError {
  return new StatusError(FindStatus.InvalidRequest, reason);
}

async function findItems(exchange: Exchange, criterion: Element): Promise<Element> {
  const search = readSearch(criterion);
  const page = readPage(criterion);
  const found = await searchMailbox(exchange, search, page);
  if (!found) throw new StatusError(FindStatus.FolderSyncRequired, 'a folder that there is not');
  const { store } = exchange.services;
  const folders = await store.read((session) => getFolders(session, exchange.user.id));
  const surroundingsOf = surroundingsIn(folders, exchange);
  const results = found.rows.map((item) => {
    const as = foundAs(item, search.classes);
    return element(Find.Result, [
      element(AirSync.Class, as),
      element(AirSync.ServerId, itemServerId(item, as)),
      element(AirSync.CollectionId, folderServerId(item.folderId)),
      element(Find.Properties, writeListing(item, { as, owner: exchange.user, surroundings: surroundingsOf(item) })),
    ]);
  });
  return writeAnswer({ store: 'Mailbox', results, found, page });
}

// MS-ASCMD 2.2.3.142.1 Query (Find)
function readSearch(criterion: Element): MailboxSearch {
  const query = child(criterion, Find.Query);
  const words = (query && text(query, Find.FreeText)) ?? '';
  const terms = hasAlternatives(words) ? undefined : readKeywords(words);
  if (!query || !terms || terms.length === 0) throw invalid('nothing to look for, or too much');
  const options = child(criterion, Find.Options);
  return {
    classes: readClasses(query),
    collectionIds: children(query, AirSync.CollectionId).map((each) => textOf(each) ?? ''),
    isDeep: options !== undefined && child(options, Find.DeepTraversal) !== undefined,
    terms,
  };
}

// MS-ASCMD 2.2.3.27.1 Class (Find)
function readClasses(query: Element): ReadonlySet<string> {
  const named = children(query, AirSync.Class).map((each) => textOf(each) ?? '');
  const known = ['Email', 'SMS', 'Calendar', 'Contacts', 'Tasks', 'Notes'];
  if (!named.every((each) => known.includes(each))) throw invalid('a class that there is not');
  return new Set(named);
}

// More than the limit is answered with as many as that.
function readPage(criterion: Element): ResultPage {
  const options = child(criterion, Find.Options);
  const page = readRange(options && text(options, Find.Range));
  if (!page) throw invalid('a Range that is none');
  return { offset: page.offset, limit: Math.min(page.limit, limits.searchResults) };
}

async function findUsers(exchange: Exchange, criterion: Element): Promise<Element> {
  const query = child(criterion, Find.Query);
  const page = readPage(criterion);
  const found = await searchAddressList(exchange, (query && textOf(query)) ?? '', page);
  if (!found) throw invalid('a search for nothing, or for too much');
  const options = child(criterion, Find.Options);
  const isPictured = options !== undefined && child(options, Find.Picture) !== undefined;
  const results = found.rows.map((user) =>
    element(Find.Result, [element(Find.Properties, writeUser(user, { isPictured }))]),
  );
  return writeAnswer({ store: 'GAL', results, found, page });
}

interface Results {
  store: 'Mailbox' | 'GAL';
  results: readonly Element[];
  found: Found<unknown>;
  page: ResultPage;
}

function writeAnswer({ store, results, found, page }: Results): Element {
  const success = element(Find.Status, String(FindStatus.Success));
  const range = writtenRange(page, results.length);
  return element(Find.Find, [
    success,
    element(Find.Response, [
      element(ItemOperations.Store, store),
      success,
      ...results,
      range === undefined ? undefined : element(Find.Range, range),
      element(Find.Total, String(found.total)),
    ]),
  ]);
}
