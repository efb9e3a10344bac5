// A device that speaks to the server under test in elements, without a socket: each test tells its dialogue with it.

import Fastify, { type FastifyInstance } from 'fastify';
import pino from 'pino';
import { Credentials } from '../../src/accounts/credentials.js';
import { putUser } from '../../src/accounts/users.js';
import { type EasServer, registerEas } from '../../src/eas/binding.js';
import { idSource } from '../../src/new-id.js';
import { openSqlite, type Store } from '../../src/store/open.js';
import type { User } from '../../src/store/tables.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { decode } from '../../src/wbxml/decode.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { afterCrash } from '../store/after-crash.js';

export const noon = Date.UTC(2026, 0, 28, 12, 0, 0);

export interface Bench {
  app: FastifyInstance;
  eas: EasServer;
  store: Store;
  user: User;
  clock: { now: number };
  logged: string[];
  /** As after a SIGKILL: what was committed is read again, what was in memory is gone. For a store in a file. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface BenchOptions {
  /** 1001, 1002, … where nothing else is said. */
  newPolicyKey?: () => number;
  /** No relay where nothing else is said. */
  hasRelay?: boolean;
  /** In memory where nothing else is said. */
  file?: string;
}

export async function openBench({
  newPolicyKey = countFrom(1001),
  hasRelay = false,
  file = ':memory:',
}: BenchOptions = {}): Promise<Bench> {
  const store = await openSqlite(file);
  const clock = { now: noon };
  const logged: string[] = [];
  const { user } = await putUser(store, 'ann@example.com', {
    password: 'secret',
    phoneNumber: '+12025550100',
    now: noon,
  });
  const serving = { clock, logged, newPolicyKey, hasRelay };
  const abandoned: Serving[] = [];
  let lived = file;
  const bench: Bench = {
    ...(await serve(store, serving)),
    ...{ user, clock, logged },
    restart: async () => {
      abandoned.push({ app: bench.app, eas: bench.eas, store: bench.store });
      Object.assign(bench, await serve(await openSqlite((lived = afterCrash(lived))), serving));
    },
    close: async () => {
      for (const { app, store: open } of [...abandoned, bench]) {
        await app.close();
        await open.close();
      }
    },
  };
  return bench;
}

type Serving = Pick<Bench, 'app' | 'eas' | 'store'>;

interface ServeOptions extends Required<Pick<BenchOptions, 'newPolicyKey' | 'hasRelay'>> {
  clock: Bench['clock'];
  logged: string[];
}

async function serve(store: Store, { clock, logged, newPolicyKey, hasRelay }: ServeOptions): Promise<Serving> {
  const now = () => clock.now;
  const app = Fastify({ routerOptions: { caseSensitive: false } });
  // The digits of a time or a process may be those of a number that no line may hold.
  const log = pino(
    { level: 'debug', timestamp: false, base: null },
    { write: (line: string) => void logged.push(line) },
  );
  const eas = registerEas(app, {
    store,
    credentials: new Credentials({ store, now }),
    log,
    now,
    newId: idSource(now),
    hasRelay,
    newPolicyKey,
    observe: () => {},
  });
  await app.ready();
  return { app, eas, store };
}

function countFrom(first: number): () => number {
  let next = first;
  return () => next++;
}

export interface Answered {
  status: number;
  headers: Record<string, unknown>;
  octets: Buffer;
  /** Absent where the answer has no body, or one that is packed or not WBXML. */
  root: Element | undefined;
}

export interface Besides {
  /** Behind the ordinary query, with its `&`. */
  query?: string;
  /** Over the ordinary ones. */
  headers?: Record<string, string>;
}

export class TalkingDevice {
  readonly deviceId: string;
  policyKey = '0';
  /** False for one that has never heard of policies. */
  sendsPolicyKey = true;
  version = '14.1';
  password = 'secret';
  readonly #bench: Bench;

  constructor(bench: Bench, deviceId = 'DEVICE1') {
    this.#bench = bench;
    this.deviceId = deviceId;
  }

  async post(command: string, body?: Element | Uint8Array, besides: Besides = {}): Promise<Answered> {
    const payload = body === undefined || body instanceof Uint8Array ? body : encode(body);
    const query = `Cmd=${command}&User=ann%40example.com&DeviceId=${this.deviceId}&DeviceType=Phone${besides.query ?? ''}`;
    const response = await this.#bench.app.inject({
      method: 'POST',
      url: `/Microsoft-Server-ActiveSync?${query}`,
      headers: {
        authorization: `Basic ${Buffer.from(`ann@example.com:${this.password}`).toString('base64')}`,
        'ms-asprotocolversion': this.version,
        ...(this.sendsPolicyKey ? { 'x-ms-policykey': this.policyKey } : {}),
        ...(payload ? { 'content-type': 'application/vnd.ms-sync.wbxml' } : {}),
        ...besides.headers,
      },
      ...(payload ? { payload: Buffer.from(payload) } : {}),
    });
    const octets = response.rawPayload;
    const { 'content-type': type, 'content-encoding': coding } = response.headers;
    const isBody = type === 'application/vnd.ms-sync.wbxml' && coding === undefined;
    return {
      status: response.statusCode,
      headers: response.headers,
      octets,
      root: isBody ? decode(octets) : undefined,
    };
  }

  /** Both phases; from here on the device carries its policy key. */
  async provision(): Promise<void> {
    const ask = (...content: Element[]) =>
      element(Provision.Provision, [
        element(Provision.Policies, [
          element(Provision.Policy, [element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML'), ...content]),
        ]),
      ]);
    const first = policyKeyIn((await this.post('Provision', ask())).root);
    const acknowledge = [element(Provision.PolicyKey, first), element(Provision.Status, '1')];
    this.policyKey = policyKeyIn((await this.post('Provision', ask(...acknowledge))).root);
  }

  /** ServerIds by DisplayName. */
  async folders(): Promise<Record<string, string>> {
    const { root } = await this.post('FolderSync', folderSync('0'));
    const added = children(child(root!, FolderHierarchy.Changes)!, FolderHierarchy.Add);
    return Object.fromEntries(
      added.map((add) => [text(add, FolderHierarchy.DisplayName)!, text(add, FolderHierarchy.ServerId)!]),
    );
  }
}

export function policyKeyIn(root: Element | undefined): string {
  const policies = root && child(root, Provision.Policies);
  const policy = policies && child(policies, Provision.Policy);
  return (policy && text(policy, Provision.PolicyKey)) ?? '';
}

export function folderSync(syncKey: string): Element {
  return element(FolderHierarchy.FolderSync, [element(FolderHierarchy.SyncKey, syncKey)]);
}

export interface CollectionWish {
  syncKey: string;
  id: string;
  classes?: ('SMS' | 'Email')[];
  /** In place of `classes`: whole Options. */
  options?: Element[];
  commands?: Element[];
  windowSize?: number;
  getChanges?: boolean;
}

export function syncOf(...wishes: CollectionWish[]): Element {
  return element(AirSync.Sync, [element(AirSync.Collections, wishes.map(collectionOf))]);
}

export function collectionOf(wish: CollectionWish): Element {
  const { syncKey, id, classes, commands, windowSize, getChanges } = wish;
  const byClass = classes?.map((each) =>
    element(AirSync.Options, [
      element(AirSync.Class, each),
      element(AirSyncBase.BodyPreference, [element(AirSyncBase.Type, '1')]),
    ]),
  );
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, syncKey),
    element(AirSync.CollectionId, id),
    getChanges === undefined ? undefined : element(AirSync.GetChanges, getChanges ? '1' : '0'),
    windowSize === undefined ? undefined : element(AirSync.WindowSize, String(windowSize)),
    ...(wish.options ?? byClass ?? []),
    commands && element(AirSync.Commands, commands),
  ]);
}

export interface TextWish {
  clientId: string;
  from?: string;
  to?: string;
  body?: string;
  date?: string;
  read?: boolean;
}

export function addText({
  clientId,
  from,
  to,
  body = 'hello',
  date = '2026-01-28T13:07:40.000Z',
  read = false,
}: TextWish): Element {
  return element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ClientId, clientId),
    element(AirSync.ApplicationData, [
      to === undefined ? undefined : element(Email.To, to),
      element(Email.From, from ?? '"36612" [MOBILE:36612]'),
      element(Email.DateReceived, date),
      element(Email.Read, read ? '1' : '0'),
      element(AirSyncBase.Body, [element(AirSyncBase.Type, '1'), element(AirSyncBase.Data, body)]),
    ]),
  ]);
}

export interface ReadCollection {
  syncKey: string | undefined;
  status: string | undefined;
  isMore: boolean;
  adds: { serverId: string; class: string | undefined; data: Element }[];
  changes: string[];
  deletes: string[];
  softDeletes: string[];
  responses: { kind: number; clientId: string | undefined; serverId: string | undefined; status: string | undefined }[];
}

/** The collections of a Sync answer; none where it had no body. */
export function readAnswer({ root }: Answered): ReadCollection[] {
  const list = root && child(root, AirSync.Collections);
  return list ? children(list, AirSync.Collection).map(readOne) : [];
}

function readOne(collection: Element): ReadCollection {
  const commands = child(collection, AirSync.Commands);
  const responses = child(collection, AirSync.Responses);
  const each = (tag: number) => (commands ? children(commands, tag) : []);
  return {
    syncKey: text(collection, AirSync.SyncKey),
    status: text(collection, AirSync.Status),
    isMore: child(collection, AirSync.MoreAvailable) !== undefined,
    adds: each(AirSync.Add).map((add) => ({
      serverId: text(add, AirSync.ServerId)!,
      class: text(add, AirSync.Class),
      data: child(add, AirSync.ApplicationData)!,
    })),
    changes: each(AirSync.Change).map((change) => text(change, AirSync.ServerId)!),
    deletes: each(AirSync.Delete).map((deleted) => text(deleted, AirSync.ServerId)!),
    softDeletes: each(AirSync.SoftDelete).map((deleted) => text(deleted, AirSync.ServerId)!),
    responses: (responses ? children(responses) : []).map((response) => ({
      kind: response.tag,
      clientId: text(response, AirSync.ClientId),
      serverId: text(response, AirSync.ServerId),
      status: text(response, AirSync.Status),
    })),
  };
}

/** Lets the other side go on until it has come so far; the test's own time-out ends what never does. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
