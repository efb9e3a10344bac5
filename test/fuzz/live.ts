// Marks that stand for what only the server knows when a request is sent: keys it issued and ids it gave. A case is thereby
// the same each time, whatever came before it.

import type { Database } from 'better-sqlite3';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { GetItemEstimate } from '../../src/wbxml/airsync/get-item-estimate.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { children, type Element, text } from '../../src/wbxml/element.js';
import type { Bench } from '../eas/talking-device.js';

export const mark = {
  syncKey: '{SyncKey}',
  hierarchyKey: '{HierarchyKey}',
  policyKey: '{PolicyKey}',
  item: '{Item}',
  folder: '{Folder}',
} as const;

/** What stands in which element where the request is as devices write it. */
export const live: Readonly<Record<number, string>> = {
  [AirSync.SyncKey]: mark.syncKey,
  [AirSync.CollectionId]: mark.folder,
  [AirSync.ServerId]: mark.item,
  [FolderHierarchy.SyncKey]: mark.hierarchyKey,
  [FolderHierarchy.ServerId]: mark.folder,
  [GetItemEstimate.CollectionId]: mark.folder,
  [ItemOperations.DstFldId]: mark.folder,
  [Move.SrcMsgId]: mark.item,
  [Move.SrcFldId]: mark.folder,
  [Move.DstFldId]: mark.folder,
  [Ping.Id]: mark.folder,
  [Provision.PolicyKey]: mark.policyKey,
};

/** What the marks stand for, for this device now. */
export interface Known {
  policyKey: string;
  hierarchyKey: string;
  /** SyncKeys by CollectionId. */
  syncKeys: ReadonlyMap<string, string>;
  /** One folder and one item of it, by chance. */
  folder: string;
  item: string;
}

/** Tells what a device of Ann's knows; `draw` gives a number from 0 to 1. Statements of its own, because every case asks. */
export function lookout({ store, user }: Bench): (deviceId: string, draw: () => number) => Known {
  const { $client } = store.db as unknown as { $client: Database };
  const device = $client.prepare(
    'select id, policy_key, hierarchy_key from devices where user_id = ? and device_id = ?',
  );
  const keys = $client.prepare('select folder_id, sync_key from collections where device_id = ?').raw();
  const folders = $client.prepare('select id from folders where user_id = ?').pluck();
  const items = $client.prepare('select id from items where folder_id = ? limit 50').pluck();
  return (deviceId, draw) => {
    const row = device.get(user.id, deviceId) as DeviceKeys | undefined;
    const present = folders.all(user.id) as number[];
    const folder = String(present[Math.floor(draw() * present.length)]);
    const among = items.all(folder) as number[];
    return {
      policyKey: String(row?.policy_key ?? 0),
      hierarchyKey: String(row?.hierarchy_key ?? 0),
      syncKeys: new Map(
        (row ? keys.all(row.id) : []).map((each) => (each as unknown[]).map(String) as [string, string]),
      ),
      folder,
      item: `${folder}:${among[Math.floor(draw() * among.length)] ?? 1}`,
    };
  };
}

interface DeviceKeys {
  id: number;
  policy_key: number | null;
  hierarchy_key: number;
}

/** The tree with what the marks stand for; within a Collection that is the key of its folder. */
export function resolve(element: Element, known: Known, syncKey = '1'): Element {
  const inner = children(element);
  if (inner.length === 0) return { tag: element.tag, content: resolveText(element.content, known, syncKey) };
  const id = text(element, AirSync.CollectionId) ?? text(element, GetItemEstimate.CollectionId);
  const key = id === undefined ? syncKey : (known.syncKeys.get(id === mark.folder ? known.folder : id) ?? syncKey);
  return { tag: element.tag, content: inner.map((each) => resolve(each, known, key)) };
}

function resolveText(content: Element['content'], known: Known, syncKey: string): Element['content'] {
  const meant: Readonly<Record<string, string>> = {
    [mark.syncKey]: syncKey,
    [mark.hierarchyKey]: known.hierarchyKey,
    [mark.policyKey]: known.policyKey,
    [mark.folder]: known.folder,
    [mark.item]: known.item,
  };
  return typeof content === 'string' && Object.hasOwn(meant, content) ? meant[content] : content;
}
