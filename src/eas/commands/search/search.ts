// Search: items of the mailbox, or users of the domain.
// MS-ASCMD 2.2.1.16 Search

import type { Surroundings } from '../../../mail/text-mail.js';
import { getFolders } from '../../../store/mailboxes.js';
import type { Found, ResultPage } from '../../../store/search.js';
import type { Session } from '../../../store/session.js';
import type { Item } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { Search } from '../../../wbxml/airsync/search.js';
import { child, type Element, element, text, textOf } from '../../../wbxml/element.js';
import { readBodyOptions } from '../../body-options.js';
import { surroundingsIn } from '../../conversation.js';
import { StatusError } from '../../errors.js';
import type { Exchange } from '../../exchange.js';
import { writeItem } from '../../item-classes/item.js';
import { limits } from '../../limits.js';
import { folderServerId } from '../../server-id.js';
import { SearchStatus } from '../../statuses.js';
import { isSince } from '../../versions.js';
import { longIdOf } from '../../visible-item.js';
import { octetsOf } from '../item-operations/delivery.js';
import { searchAddressList, writeUser } from './gal.js';
import { foundAs, searchMailbox } from './mailbox.js';
import { readMailboxQuery } from './mailbox-query.js';
import { readRange, writtenRange } from './range.js';

export async function search(exchange: Exchange): Promise<Element> {
  const store = exchange.body && child(exchange.body, Search.Store);
  if (!store) throw new StatusError(SearchStatus.InvalidRequest, 'Search without a Store');
  try {
    return writeAnswer(await searchStore(exchange, store));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return writeAnswer([element(Search.Status, String(error.status))]);
  }
}

function writeAnswer(store: readonly Element[]): Element {
  return element(Search.Search, [
    element(Search.Status, String(SearchStatus.Success)),
    element(Search.Response, [element(Search.Store, store)]),
  ]);
}

// MS-ASCMD 2.2.3.178.3 Store (Search)
async function searchStore(exchange: Exchange, store: Element): Promise<Element[]> {
  const query = child(store, Search.Query);
  const options = child(store, Search.Options);
  const page = readPage(options && text(options, Search.Range));
  switch ((text(store, Search.Name) ?? '').toLowerCase()) {
    case 'mailbox':
      return searchItems(exchange, { query, options, page });
    case 'gal':
      return searchGal(exchange, { query, options, page });
    case 'documentlibrary':
      throw new StatusError(SearchStatus.NotFound, 'this server has no documents');
    default:
      throw new StatusError(SearchStatus.InvalidRequest, 'a store that there is not');
  }
}

interface Wish {
  query: Element | undefined;
  options: Element | undefined;
  page: ResultPage;
}

function readPage(range: string | undefined): ResultPage {
  const page = readRange(range);
  if (!page) throw new StatusError(SearchStatus.InvalidRequest, 'a Range that is none');
  if (page.limit > limits.searchResults) throw new StatusError(SearchStatus.EndOfRange, 'a Range of too many results');
  return page;
}

async function searchItems(exchange: Exchange, { query, options, page }: Wish): Promise<Element[]> {
  if (!query) throw new StatusError(SearchStatus.InvalidRequest, 'a search for nothing');
  const asked = readMailboxQuery(query, exchange.version);
  const isDeep = options !== undefined && child(options, Search.DeepTraversal) !== undefined;
  const found = await searchMailbox(exchange, { ...asked, isDeep }, page);
  if (!found) throw new StatusError(SearchStatus.FolderSyncRequired, 'a folder that there is not');
  const writing = { exchange, options, classes: asked.classes };
  const results = await exchange.services.store.read((session) => writeItems(session, found.rows, writing));
  return writeStore(results, found, page);
}

interface Writing {
  exchange: Exchange;
  options: Element | undefined;
  classes: ReadonlySet<string>;
}

// As many as one answer carries; Range tells how many these are.
function* writeItems(session: Session, items: readonly Item[], writing: Writing): Steps<Element[]> {
  const surroundingsOf = surroundingsIn(yield* getFolders(session, writing.exchange.user.id), writing.exchange);
  const results: Element[] = [];
  let octetsLeft: number = limits.answerCharacters;
  for (const item of items) {
    const properties = yield* writeProperties(session, item, { ...writing, surroundings: surroundingsOf(item) });
    octetsLeft -= octetsOf(properties);
    if (octetsLeft < 0 && results.length > 0) break;
    const as = foundAs(item, writing.classes);
    results.push(
      element(Search.Result, [
        element(AirSync.Class, as),
        element(Search.LongId, longIdOf(item, as)),
        element(AirSync.CollectionId, folderServerId(item.folderId)),
        element(Search.Properties, properties),
      ]),
    );
  }
  return results;
}

function* writeProperties(
  session: Session,
  item: Item,
  writing: Writing & { surroundings: Surroundings },
): Steps<Element[]> {
  const { exchange, options, classes, surroundings } = writing;
  const as = foundAs(item, classes);
  const wished = options && readBodyOptions(options, as, SearchStatus.InvalidRequest);
  const { version, user: owner } = exchange;
  return yield* writeItem(session, item, { as, version, options: wished, owner, surroundings });
}

async function searchGal(exchange: Exchange, { query, options, page }: Wish): Promise<Element[]> {
  const found = await searchAddressList(exchange, (query && textOf(query)) ?? '', page);
  if (!found) throw new StatusError(SearchStatus.InvalidRequest, 'a search for nothing, or for too much');
  const isPictured = isPictureWanted(exchange, options);
  const results = found.rows.map((user) =>
    element(Search.Result, [element(Search.Properties, writeUser(user, { isPictured }))]),
  );
  return writeStore(results, found, page);
}

function isPictureWanted({ version }: Exchange, options: Element | undefined): boolean {
  return isSince(version, '14.1') && options !== undefined && child(options, Search.Picture) !== undefined;
}

// MS-ASCMD 2.2.3.155.3 Result (Search): one that is empty where nothing was found.
function writeStore(results: readonly Element[], { total }: Found<unknown>, page: ResultPage): Element[] {
  if (total > 0 && page.offset >= total)
    throw new StatusError(SearchStatus.EndOfRange, 'a Range behind the last result');
  const status = element(Search.Status, String(SearchStatus.Success));
  const range = writtenRange(page, results.length);
  if (range === undefined) return [status, element(Search.Result)];
  return [status, ...results, element(Search.Range, range), element(Search.Total, String(total))];
}
