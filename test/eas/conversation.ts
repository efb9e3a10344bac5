// A long conversation of one phone with everything in it: Provision, folders, Ping, texts that come, go and are marked on
// both sides, and texts that it sends for others in each of the three ways.

import { addItem, changeItem, removeItem } from '../../src/store/items.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { GetItemEstimate } from '../../src/wbxml/airsync/get-item-estimate.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import type { Middle } from './story.js';
import {
  addText,
  type Answered,
  type Bench,
  type CollectionWish,
  folderSync,
  noon,
  policyKeyIn,
  syncOf,
  TalkingDevice,
} from './talking-device.js';

const inbox = '1';
const deletedItems = '3';
const sentItems = '4';
const outbox = '5';
export const collections = [inbox, deletedItems, sentItems, outbox];

/** What the device holds of an item. */
interface Held {
  text: string;
  read: boolean;
}

export class Device extends TalkingDevice {
  readonly keys = new Map<string, string>(collections.map((id) => [id, '0']));
  readonly view = new Map<string, Map<string, Held>>(collections.map((id) => [id, new Map<string, Held>()]));
  hierarchyKey = '0';
  /** What no server may say: an item that is there already, or word of one that is not. */
  readonly faults: string[] = [];

  idOf(folder: string, body: string): string {
    const found = [...this.view.get(folder)!].find(([, held]) => held.text === body);
    return found?.[0] ?? `nothing says "${body}"`;
  }

  sync(folders: readonly string[], wish: Partial<CollectionWish> = {}): Element {
    return syncOf(...folders.map((id) => ({ ...wish, id, syncKey: this.keys.get(id)! })));
  }

  /** Takes a Sync answer into its view. `commands` are its own, which it has carried out itself once answered. */
  takeSync(answer: Answered): void {
    const list = answer.root && child(answer.root, AirSync.Collections);
    for (const collection of list ? children(list) : []) this.#takeCollection(collection);
  }

  #takeCollection(collection: Element): void {
    const folder = text(collection, AirSync.CollectionId)!;
    if (text(collection, AirSync.Status) !== '1') this.faults.push(`Status ${text(collection, AirSync.Status)}`);
    this.keys.set(folder, text(collection, AirSync.SyncKey)!);
    const commands = child(collection, AirSync.Commands);
    for (const command of commands ? children(commands) : []) this.#take(this.view.get(folder)!, command);
  }

  #take(items: Map<string, Held>, command: Element): void {
    const id = text(command, AirSync.ServerId)!;
    const isKnown = items.has(id);
    if (isKnown === (command.tag === AirSync.Add)) this.faults.push(`${isKnown ? 'added again' : 'not there'}: ${id}`);
    if (command.tag === AirSync.Delete) items.delete(id);
    else items.set(id, readHeld(child(command, AirSync.ApplicationData)!));
  }
}

function readHeld(data: Element): Held {
  const body = child(data, AirSyncBase.Body);
  const subject = text(data, Email.Subject);
  return { text: subject ?? (body && text(body, AirSyncBase.Data)) ?? '', read: text(data, Email.Read) === '1' };
}

export interface Scene {
  bench: Bench;
  middle: Middle;
  device: Device;
}

interface Request {
  command: string;
  body: Element;
  take: (answer: Answered) => void;
}

/** What the device says next, or what happens on the server meanwhile. */
export type Step = { ask: (device: Device) => Request } | { happens: (scene: Scene) => Promise<void> };

const sync = (folders: readonly string[], wish: Partial<CollectionWish> = {}): Step => ({
  ask: (device) => ({ command: 'Sync', body: device.sync(folders, wish), take: (answer) => device.takeSync(answer) }),
});

/** A Sync with commands of its own, which the device carries out in its view when the answer is there. */
function tell(
  folder: string,
  say: (device: Device) => Element[],
  done: (device: Device, answer: Answered) => void,
): Step {
  return {
    ask: (device) => ({
      command: 'Sync',
      body: device.sync([folder], { commands: say(device) }),
      take: (answer) => {
        done(device, answer);
        device.takeSync(answer);
      },
    }),
  };
}

/** Puts its own Adds into its view, under the names the server gave them. */
function takeAdded(folder: string, bodies: Readonly<Record<string, string>>, read = false) {
  return (device: Device, { root }: Answered): void => {
    const collection = children(child(root!, AirSync.Collections)!)[0]!;
    for (const response of children(child(collection, AirSync.Responses)!, AirSync.Add)) {
      const id = text(response, AirSync.ServerId)!;
      if (device.view.get(folder)!.has(id)) device.faults.push(`named twice: ${id}`);
      device.view.get(folder)!.set(id, { text: bodies[text(response, AirSync.ClientId)!]!, read });
    }
  };
}

const ping = (folder: string): Step => ({
  ask: (device) => ({
    command: 'Ping',
    body: element(Ping.Ping, [
      element(Ping.HeartbeatInterval, '600'),
      element(Ping.Folders, [element(Ping.Folder, [element(Ping.Id, folder), element(Ping.Class, 'Email')])]),
    ]),
    take: ({ root }) => {
      if (text(root!, Ping.Status) !== '2') device.faults.push('Ping was woken for nothing');
    },
  }),
});

function move(body: string, source: string, destination: string): Step {
  return {
    ask: (device) => {
      const id = device.idOf(source, body);
      const names = [element(Move.SrcMsgId, id), element(Move.SrcFldId, source), element(Move.DstFldId, destination)];
      return {
        command: 'MoveItems',
        body: element(Move.MoveItems, [element(Move.Move, names)]),
        take: ({ root }) => {
          const response = child(root!, Move.Response)!;
          if (text(response, Move.Status) !== '3') device.faults.push('a move failed');
          device.view.get(destination)!.set(text(response, Move.DstMsgId)!, device.view.get(source)!.get(id)!);
          device.view.get(source)!.delete(id);
        },
      };
    },
  };
}

const provision = (...first: Element[]): Step => ({
  ask: (device) => ({
    command: 'Provision',
    body: element(Provision.Provision, [
      ...first,
      element(Provision.Policies, [
        element(Provision.Policy, [
          element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML'),
          ...(first.length > 0 ? [] : [element(Provision.PolicyKey, device.policyKey), element(Provision.Status, '1')]),
        ]),
      ]),
    ]),
    take: ({ root }) => {
      device.policyKey = policyKeyIn(root);
    },
  }),
});

const information = element(Settings.DeviceInformation, [
  element(Settings.Set, [element(Settings.PhoneNumber, '+447700900123'), element(Settings.EnableOutboundSMS, '1')]),
]);

const hierarchy: Step = {
  ask: (device) => ({
    command: 'FolderSync',
    body: folderSync(device.hierarchyKey),
    take: ({ root }) => {
      device.hierarchyKey = text(root!, FolderHierarchy.SyncKey) ?? 'refused';
    },
  }),
};

const estimate: Step = {
  ask: (device) => ({
    command: 'GetItemEstimate',
    body: element(GetItemEstimate.GetItemEstimate, [
      element(GetItemEstimate.Collections, [
        element(GetItemEstimate.Collection, [
          element(AirSync.SyncKey, device.keys.get(inbox)),
          element(GetItemEstimate.CollectionId, inbox),
        ]),
      ]),
    ]),
    take: ({ root }) => {
      const status = text(child(root!, GetItemEstimate.Response)!, GetItemEstimate.Status);
      if (status !== '1') device.faults.push(`GetItemEstimate ${status}`);
    },
  }),
};

const arrives = (body: string): Step => ({ happens: ({ bench }) => receive(bench, body) });

export async function receive({ store, user }: Bench, body: string): Promise<void> {
  const from = '"Bo" [MOBILE:+447700900789]';
  const item = {
    userId: user.id,
    folderId: Number(inbox),
    class: 'SMS',
    from,
    to: '',
    text: body,
    date: noon,
  } as const;
  await store.transact((tx) => addItem(tx, item));
}

const isWritten = (body: string): Step => ({
  happens: ({ middle }) => middle.submit({ submit: { number: '+447700900456', text: body } }),
});

/** Somebody else marks one text of the Inbox and removes another. */
const isTidied: Step = {
  happens: async ({ bench: { store } }) => {
    const items = await store.db.select().from(store.tables.items);
    const find = (body: string) => items.find((item) => item.text === body)!;
    await store.transact(function* (tx) {
      yield* changeItem(tx, find('received one'), { read: true });
      yield* removeItem(tx, find('received two'));
    });
  },
};

const readOf = (id: string) =>
  element(AirSync.Change, [
    element(AirSync.ServerId, id),
    element(AirSync.ApplicationData, [element(Email.Read, '1')]),
  ]);
const deleteOf = (id: string) => element(AirSync.Delete, [element(AirSync.ServerId, id)]);
const own = { a: 'own one', b: 'own two', c: 'own three' };
const sms = { classes: ['Email' as const, 'SMS' as const] };

export const conversation: readonly Step[] = [
  provision(information),
  provision(),
  hierarchy,
  sync(collections),
  sync(collections, sms),
  arrives('received zero'),
  ping(inbox),
  sync([inbox]),
  tell(inbox, () => Object.entries(own).map(([clientId, body]) => addText({ clientId, body })), takeAdded(inbox, own)),
  arrives('received one'),
  arrives('received two'),
  tell(
    inbox,
    (device) => [readOf(device.idOf(inbox, 'own one')), deleteOf(device.idOf(inbox, 'own two'))],
    (device) => {
      const items = device.view.get(inbox)!;
      items.get(device.idOf(inbox, 'own one'))!.read = true;
      items.delete(device.idOf(inbox, 'own two'));
    },
  ),
  isWritten('written one'),
  isWritten('written two'),
  isWritten('written three'),
  ping(outbox),
  sync([outbox], { windowSize: 2 }),
  sync([outbox], { windowSize: 2 }),
  tell(
    outbox,
    (device) => [deleteOf(device.idOf(outbox, 'written one'))],
    (device) => device.view.get(outbox)!.delete(device.idOf(outbox, 'written one')),
  ),
  move('written two', outbox, sentItems),
  tell(
    sentItems,
    () => [addText({ clientId: 'a', to: '"" [MOBILE:+447700900456]', body: 'written three', read: true })],
    takeAdded(sentItems, { a: 'written three' }, true),
  ),
  sync([outbox]),
  sync([sentItems]),
  sync([inbox]),
  isTidied,
  sync([inbox]),
  hierarchy,
  estimate,
  move('own three', inbox, deletedItems),
  sync(collections),
  sync(collections),
];
