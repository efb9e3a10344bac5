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
  changes: readonly KeptRun[];
  hasNotice?: true;
  isMore?: true;
}

/** Changes of one kind that follow each other, as most do. */
interface KeptRun {
  kind: ServerChange['kind'];
  own: ItemClass;
  as: ItemClass;
  itemIds: number[];
}

export function keepAnswer({ responses, changes, hasNotice, isMore }: Told): Buffer {
  const kept: Kept = {
    ...(responses.length > 0 && { responses: encodeResponses(responses) }),
    changes: keepChanges(changes),
    ...(hasNotice && { hasNotice }),
    ...(isMore && { isMore }),
  };
  return Buffer.from(JSON.stringify(kept));
}

function encodeResponses(responses: readonly Element[]): string {
  return Buffer.from(encode(element(AirSync.Responses, responses))).toString('base64');
}

function keepChanges(changes: readonly ServerChange[]): KeptRun[] {
  const runs: KeptRun[] = [];
  for (const change of changes) {
    const { kind, as } = change;
    const [itemId, own] = 'item' in change ? [change.item.id, change.item.class] : nameOf(change.tombstone);
    const last = runs.at(-1);
    if (last?.kind === kind && last.own === own && last.as === as) last.itemIds.push(itemId);
    else runs.push({ kind, own, as, itemIds: [itemId] });
  }
  return runs;
}

function nameOf({ itemId, class: own }: { itemId: number; class: ItemClass }): [number, ItemClass] {
  return [itemId, own];
}

/** How many changes the answer told. */
export function countTold(answer: Buffer): number {
  const { changes, hasNotice } = JSON.parse(answer.toString()) as Kept;
  return changes.reduce((count, { itemIds }) => count + itemIds.length, hasNotice ? 1 : 0);
}

export interface Retold {
  responses: readonly Element[];
  commands: Element[];
  changes: ServerChange[];
  isMore: boolean;
}

type Retelling = Writing & { exchange: Exchange; folder: Folder };

/** The same again. An item is told as it is now; of one that has left since, its removal is told here or with the next key. */
export function* retell(tx: Transaction, answer: Buffer, retelling: Retelling): Steps<Retold> {
  const { folder, exchange } = retelling;
  const kept = JSON.parse(answer.toString()) as Kept;
  const changes: ServerChange[] = [];
  for (const run of kept.changes)
    for (const itemId of run.itemIds) {
      const change = yield* recall(tx, { ...run, itemId }, folder);
      if (change) changes.push(change);
    }
  const commands = yield* writeChanges(tx, changes, retelling);
  if (kept.hasNotice) commands.unshift(writeNotice(folder, exchange));
  const responses = kept.responses ? children(decode(Buffer.from(kept.responses, 'base64'))) : [];
  return { responses, commands, changes, isMore: kept.isMore ?? false };
}

type KeptChange = Omit<KeptRun, 'itemIds'> & { itemId: number };

function* recall(tx: Transaction, kept: KeptChange, folder: Folder): Steps<ServerChange | undefined> {
  const { kind, itemId, own, as } = kept;
  const removal: ServerChange = { kind: 'Delete', as, tombstone: { itemId, folderId: folder.id, class: own } };
  if (kind === 'Delete') return removal;
  const item = yield* getItem(tx, folder.id, itemId);
  if (item) return { kind, item, as };
  // Of what it was to let go of already, no later answer tells.
  return kind === 'SoftDelete' ? removal : undefined;
}
