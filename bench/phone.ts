// A phone that speaks EAS just far enough to load the server: its requests are the octets a real one sends.

import { AirSync } from '../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../src/wbxml/airsync/email.js';
import { FolderHierarchy } from '../src/wbxml/airsync/folder-hierarchy.js';
import { Ping } from '../src/wbxml/airsync/ping.js';
import { Provision } from '../src/wbxml/airsync/provision.js';
import { decode } from '../src/wbxml/decode.js';
import { child, children, type Element, element, text } from '../src/wbxml/element.js';
import { encode } from '../src/wbxml/encode.js';
import { password } from './easms-under-test.js';
import type { HttpConnection } from './http-connection.js';

interface SyncWish {
  commands?: readonly Element[];
  windowSize?: number;
}

export class Phone {
  readonly #head: string;
  readonly #query: string;
  #policyKey = '0';
  /** ServerIds by DisplayName, once the phone has set itself up. */
  folders: Readonly<Record<string, string>> = {};

  readonly address: string;

  constructor(address: string, deviceId: string) {
    this.address = address;
    const credentials = Buffer.from(`${address}:${password}`).toString('base64');
    this.#query = `User=${encodeURIComponent(address)}&DeviceId=${deviceId}&DeviceType=SmartPhone`;
    this.#head = [
      'Host: sms.example.com',
      `Authorization: Basic ${credentials}`,
      'MS-ASProtocolVersion: 14.1',
      'User-Agent: SmartPhone/8.10.14219.341',
      'Accept-Language: en-us',
      'Content-Type: application/vnd.ms-sync.wbxml',
    ].join('\r\n');
  }

  /** The whole HTTP request. */
  request(command: string, body: Element): Buffer {
    const octets = encode(body);
    const target = `/Microsoft-Server-ActiveSync?Cmd=${command}&${this.#query}`;
    const head = `POST ${target} HTTP/1.1\r\n${this.#head}\r\nX-MS-PolicyKey: ${this.#policyKey}\r\n`;
    return Buffer.concat([Buffer.from(`${head}Content-Length: ${octets.length}\r\n\r\n`), octets]);
  }

  /** `undefined` where the answer has no body. */
  async post(connection: HttpConnection, command: string, body: Element): Promise<Element | undefined> {
    const answer = await connection.exchange(this.request(command, body));
    if (answer.status !== 200) throw new Error(`${command} was answered ${answer.status}`);
    return answer.body.length === 0 ? undefined : decode(answer.body);
  }

  /** Provision in both phases, and the folder hierarchy. */
  async setUp(connection: HttpConnection): Promise<void> {
    const temporaryKey = policyKeyIn(await this.post(connection, 'Provision', provision()));
    const acknowledge = [element(Provision.PolicyKey, temporaryKey), element(Provision.Status, '1')];
    this.#policyKey = policyKeyIn(await this.post(connection, 'Provision', provision(...acknowledge)));
    this.folders = foldersIn(await this.post(connection, 'FolderSync', this.folderSync('0')));
  }

  /** Syncs a folder until nothing is left; gives the key that is then good. */
  async syncAll(connection: HttpConnection, folder: string): Promise<string> {
    let syncKey = '0';
    for (;;) {
      const answer = await this.post(connection, 'Sync', this.sync(folder, syncKey));
      if (!answer) return syncKey;
      syncKey = syncKeyIn(answer);
    }
  }

  sync(folder: string, syncKey: string, { commands = [], windowSize = 512 }: SyncWish = {}): Element {
    const options = [
      element(AirSync.Class, 'SMS'),
      element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, '1')]),
    ];
    const collection = [
      element(AirSync.SyncKey, syncKey),
      element(AirSync.CollectionId, this.folders[folder]),
      element(AirSync.WindowSize, String(windowSize)),
      element(AirSync.Options, options),
      commands.length > 0 ? element(AirSync.Commands, commands) : undefined,
    ];
    return element(AirSync.Sync, [element(AirSync.Collections, [element(AirSync.Collection, collection)])]);
  }

  folderSync(syncKey: string): Element {
    return element(FolderHierarchy.FolderSync, [element(FolderHierarchy.SyncKey, syncKey)]);
  }

  ping(heartbeatSeconds: number): Element {
    const folders = ['Inbox', 'Outbox'].map((name) =>
      element(Ping.Folder, [element(Ping.Id, this.folders[name]), element(Ping.Class, 'SMS')]),
    );
    return element(Ping.Ping, [
      element(Ping.HeartbeatInterval, String(heartbeatSeconds)),
      element(Ping.Folders, folders),
    ]);
  }
}

/** A text that the phone received, as it uploads it; `number` makes it differ from the others. */
export function receivedText(number: number): Element {
  const date = 1_700_000_000_000 + number * 1000;
  return textNamed(String(number), { peer: `+44770090${String(number % 10_000).padStart(4, '0')}`, date });
}

/** One whose `name`, within its ClientId and its words, tells it from the others. */
export function textNamed(name: string, { peer, date }: { peer: string; date: number }): Element {
  return element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ClientId, name),
    element(AirSync.ApplicationData, [
      element(Email.To, '"Me" [MOBILE:+447700900999]'),
      element(Email.From, `"" [MOBILE:${peer}]`),
      element(Email.DateReceived, new Date(date).toISOString()),
      element(Email.Read, '0'),
      element(AirSyncBase.Body, [
        element(AirSyncBase.Type, '1'),
        element(AirSyncBase.Data, `Text ${name}: the parcel comes between ten and twelve, please be at home.`),
      ]),
    ]),
  ]);
}

export function syncKeyIn(answer: Element): string {
  const collections = child(answer, AirSync.Collections);
  const collection = collections && child(collections, AirSync.Collection);
  if (!collection || text(collection, AirSync.Status) !== '1') throw new Error('a Sync was refused');
  return text(collection, AirSync.SyncKey)!;
}

function provision(...content: Element[]): Element {
  const policy = [element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML'), ...content];
  return element(Provision.Provision, [element(Provision.Policies, [element(Provision.Policy, policy)])]);
}

function policyKeyIn(answer: Element | undefined): string {
  const policies = answer && child(answer, Provision.Policies);
  const policy = policies && child(policies, Provision.Policy);
  const key = policy && text(policy, Provision.PolicyKey);
  if (key === undefined) throw new Error('Provision gave no policy key');
  return key;
}

function foldersIn(answer: Element | undefined): Record<string, string> {
  const changes = answer && child(answer, FolderHierarchy.Changes);
  const added = changes ? children(changes, FolderHierarchy.Add) : [];
  return Object.fromEntries(
    added.map((add) => [text(add, FolderHierarchy.DisplayName)!, text(add, FolderHierarchy.ServerId)!]),
  );
}
