// The answer that issued a key, kept until the next one for a device that did not get it. What went into it is kept, not
// its octets: the items are written again when the device asks again, which few do, and not with every answer.

import { getItem } from '../../../store/items.js';
import type { Transaction } from '../../../store/session.js';
import type { ItemClass } from '../../../store/states.js';
import type { Folder } from '../../../store/tables.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { decode } from '../../../wbxml/decode.js';
import { children, type Element, element } from '../../../wbxml/element.js';
import { encode } from '../../../wbxml/encode.js';
import type { Exchange } from '../../exchange.js';
import type { ServerChange } from './basket.js';
import { writeNotice } from './notice.js';
import { type Writing, writeChanges } from './skip.js';

/** What an answer told, without the items themselves. */
export interface Told {
  responses: readonly Element[];
  /** In their order. */
  changes: readonly ServerChange[];
  hasNotice: boolean;
  isMore: boolean;
}

/** As it is kept. */
interface Kept {
  /** Responses, encoded. */
  responses?: string;
  changes: readonly KeptChange[];
  hasNotice?: true;
  isMore?: true;
}

type KeptChange = readonly [kind: ServerChange['kind'], itemId: number, own: ItemClass, as: ItemClass];

export function keepAnswer({ responses, changes, hasNotice, isMore }: Told): Buffer {
  const kept: Kept = {
    ...(responses.length > 0 && { responses: encodeResponses(responses) }),
    changes: changes.map(keepChange),
    ...(hasNotice && { hasNotice }),
    ...(isMore && { isMore }),
  };
  return Buffer.from(JSON.stringify(kept));
}

function encodeResponses(responses: readonly Element[]): string {
  return Buffer.from(encode(element(AirSync.Responses, responses))).toString('base64');
}

function keepChange(change: ServerChange): KeptChange {
  if (change.kind === 'Delete') return [change.kind, change.tombstone.itemId, change.tombstone.class, change.as];
  return [change.kind, change.item.id, change.item.class, change.as];
}

export interface Retold {
  responses: readonly Element[];
  commands: Element[];
  changes: ServerChange[];
  isMore: boolean;
}

type Retelling = Writing & { exchange: Exchange; folder: Folder };

/** The same again. An item is told as it is now; of one that has left since, its removal is told with the next key. */
export function* retell(tx: Transaction, answer: Buffer, retelling: Retelling): Steps<Retold> {
  const { folder, exchange } = retelling;
  const kept = JSON.parse(answer.toString()) as Kept;
  const changes: ServerChange[] = [];
  for (const each of kept.changes) {
    const change = yield* recall(tx, each, folder);
    if (change) changes.push(change);
  }
  const commands = yield* writeChanges(tx, changes, retelling);
  if (kept.hasNotice) commands.unshift(writeNotice(folder, exchange));
  const responses = kept.responses ? children(decode(Buffer.from(kept.responses, 'base64'))) : [];
  return { responses, commands, changes, isMore: kept.isMore ?? false };
}

function* recall(tx: Transaction, kept: KeptChange, folder: Folder): Steps<ServerChange | undefined> {
  const [kind, itemId, own, as] = kept;
  if (kind === 'Delete') return { kind, as, tombstone: { itemId, folderId: folder.id, class: own } };
  const item = yield* getItem(tx, folder.id, itemId);
  return item && { kind, item, as };
}
