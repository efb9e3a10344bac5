// The Query of a mailbox search: one And with what an item has to be.
// MS-ASCMD 2.2.3.142.2 Query (Search), MS-ASCMD 2.2.3.10 And

import type { SearchTerm } from '../../../store/search.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { Email } from '../../../wbxml/airsync/email.js';
import { Search } from '../../../wbxml/airsync/search.js';
import { child, children, type Element, text, textOf } from '../../../wbxml/element.js';
import { readConversationId } from '../../conversation.js';
import { StatusError } from '../../errors.js';
import { readDate } from '../../item-classes/date.js';
import { limits } from '../../limits.js';
import { SearchStatus } from '../../statuses.js';
import { hasTexts, type ProtocolVersion } from '../../versions.js';
import { hasAlternatives, readKeywords } from './keywords.js';

export interface MailboxQuery {
  /** None stands for mail, texts among it. */
  classes: ReadonlySet<string>;
  /** None stands for the whole mailbox. */
  collectionIds: readonly string[];
  terms: readonly SearchTerm[];
  conversationId: Uint8Array | undefined;
  after: number | undefined;
  before: number | undefined;
}

/** Throws StatusError of the Store. */
export function readMailboxQuery(query: Element, version: ProtocolVersion): MailboxQuery {
  const [and, ...more] = children(query);
  if (!and) throw invalid('a mailbox search for nothing');
  if (and.tag !== Search.And || more.length > 0 || child(and, Search.And) || child(and, Search.Or))
    throw new StatusError(SearchStatus.TooComplex, 'a Query of anything but one And');
  const conversationIds = children(and, Search.ConversationId);
  if (conversationIds.length > 1) throw invalid('two conversations');
  const read = {
    classes: readClasses(and, version),
    collectionIds: readCollectionIds(and),
    terms: readTerms(children(and, Search.FreeText)),
    conversationId: conversationIds[0] && readConversation(conversationIds[0]),
    after: readComparison(children(and, Search.GreaterThan)),
    before: readComparison(children(and, Search.LessThan)),
  };
  const isAsking = read.terms.length > 0 || [read.conversationId, read.after, read.before].some((each) => each);
  if (!isAsking) throw invalid('a mailbox search for nothing');
  return read;
}

function invalid(reason: string): StatusError {
  return new StatusError(SearchStatus.InvalidRequest, reason);
}

const classes = ['Email', 'Calendar', 'Contacts', 'Tasks', 'Notes'];

// MS-ASCMD 2.2.3.27.5 Class (Search)
function readClasses(and: Element, version: ProtocolVersion): ReadonlySet<string> {
  const named = children(and, AirSync.Class).map((each) => textOf(each) ?? '');
  const known = hasTexts(version) ? [...classes, 'SMS'] : classes;
  if (!named.every((each) => known.includes(each))) throw invalid('a class that there is not');
  return new Set(named);
}

function readCollectionIds(and: Element): string[] {
  const ids = children(and, AirSync.CollectionId).map((each) => textOf(each) ?? '');
  if (ids.length > limits.collections) throw invalid('too many collections');
  return ids;
}

function readTerms(freeTexts: readonly Element[]): SearchTerm[] {
  const words = freeTexts.map((each) => textOf(each) ?? '').join(' ');
  if (hasAlternatives(words)) throw new StatusError(SearchStatus.TooComplex, 'alternatives are not looked for');
  const terms = readKeywords(words);
  if (!terms) throw invalid('too much to look for');
  return terms;
}

function readConversation(element: Element): Uint8Array {
  const conversationId = readConversationId(element);
  if (!conversationId) throw invalid('a ConversationId that is none');
  return conversationId;
}

// MS-ASCMD 2.2.3.86 GreaterThan, MS-ASCMD 2.2.3.96 LessThan
function readComparison(comparisons: readonly Element[]): number | undefined {
  const [comparison, ...more] = comparisons;
  if (!comparison) return undefined;
  const date = readDate(text(comparison, Search.Value) ?? '');
  if (more.length > 0 || !child(comparison, Email.DateReceived) || date === undefined)
    throw invalid('a comparison with anything but one date');
  return date;
}
