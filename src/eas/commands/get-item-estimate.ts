// GetItemEstimate: how many changes a Sync of each Collection would give.
// MS-ASCMD 2.2.1.9 GetItemEstimate

import { type CollectionState, getKeptAnswer } from '../../store/collections.js';
import type { Session } from '../../store/session.js';
import type { StickyOptions } from '../../store/states.js';
import type { Steps } from '../../store/transaction.js';
import { AirSync } from '../../wbxml/airsync/air-sync.js';
import { GetItemEstimate } from '../../wbxml/airsync/get-item-estimate.js';
import { child, children, type Element, element, text } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { countChanges, isOutboxRound, viewFolder } from '../folder-view.js';
import { limits } from '../limits.js';
import { noteOutboxRound } from '../outbox-round.js';
import { CommonStatus, GetItemEstimateStatus } from '../statuses.js';
import { countTold } from './sync/kept-answer.js';
import { readOptions } from './sync/options.js';

/** A device that is told this many does a Sync all the same; counting on would cost more than it tells. */
const mostCounted = 5000;

export async function getItemEstimate(exchange: Exchange): Promise<Element> {
  const list = exchange.body && child(exchange.body, GetItemEstimate.Collections);
  const collections = list ? children(list, GetItemEstimate.Collection) : [];
  if (collections.length === 0 || collections.length > limits.collections)
    throw new StatusError(CommonStatus.InvalidContent, 'GetItemEstimate without collections, or with too many');
  const responses = await exchange.services.store.read((session) => estimateAll(session, exchange, collections));
  return element(GetItemEstimate.GetItemEstimate, responses);
}

function* estimateAll(session: Session, exchange: Exchange, collections: readonly Element[]): Steps<Element[]> {
  const responses: Element[] = [];
  for (const collection of collections) responses.push(yield* estimate(session, exchange, collection));
  return responses;
}

function* estimate(session: Session, exchange: Exchange, collection: Element): Steps<Element> {
  const id = (text(collection, GetItemEstimate.CollectionId) ?? '').slice(0, limits.keyCharacters);
  const refuse = (status: number) => writeResponse(id, status);
  const view = yield* viewFolder(session, exchange, id);
  if (!view) return refuse(GetItemEstimateStatus.InvalidCollection);
  const syncKey = text(collection, AirSync.SyncKey) ?? '';
  if (syncKey === '0' || !view.state) return refuse(GetItemEstimateStatus.NotPrimed);
  const repeated = yield* countRepeated(session, view.state, syncKey);
  if (repeated === undefined) return refuse(GetItemEstimateStatus.InvalidSyncKey);
  if (isOutboxRound(view)) noteOutboxRound(exchange);
  const options = readWish(collection, exchange);
  const estimate = yield* countChanges(session, view, { viewer: exchange, options, limit: mostCounted });
  return writeResponse(id, GetItemEstimateStatus.Success, repeated + estimate);
}

// MS-ASCMD 2.2.3.68.1 FilterType (GetItemEstimate): before 14.0 it stands in the Collection itself.
function readWish(collection: Element, { version }: Exchange): StickyOptions[] | undefined {
  const options = readOptions(children(collection, AirSync.Options), version);
  const filterType = child(collection, AirSync.FilterType);
  return options ?? (filterType && readOptions([element(AirSync.Options, [filterType])], version));
}

// A device that has not got the answer that issued the key is given it again. `undefined` where the key is not known.
function* countRepeated(session: Session, state: CollectionState, syncKey: string): Steps<number | undefined> {
  if (syncKey === String(state.syncKey)) return 0;
  const answer = syncKey === String(state.syncKey - 1) ? yield* getKeptAnswer(session, state) : undefined;
  return answer && countTold(answer);
}

function writeResponse(id: string, status: number, estimate?: number): Element {
  return element(GetItemEstimate.Response, [
    element(GetItemEstimate.Status, String(status)),
    element(GetItemEstimate.Collection, [
      element(GetItemEstimate.CollectionId, id),
      estimate === undefined ? undefined : element(GetItemEstimate.Estimate, String(estimate)),
    ]),
  ]);
}
