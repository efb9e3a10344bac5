// A scripted EAS server: behaves well by itself, and misbehaves once for each answer put into its script.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode } from '../../src/wbxml/decode.js';
import { child, children, element, text } from '../../src/wbxml/element.js';
import type { Element } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';

export const folder = { inbox: '1', outbox: '2', sent: '3' } as const;

export interface Asked {
  readonly command: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Absent where the body is empty, or a mail as it is. */
  readonly document: Element | undefined;
}

/** An element is answered with 200; a number is an HTTP status; 'cut' breaks the line without an answer. */
export type Answer =
  | Element
  | Uint8Array
  | number
  | 'cut'
  | 'nothing'
  | { readonly status: number; readonly headers: Record<string, string> };

export class FakeServer {
  readonly asked: Asked[] = [];
  url = '';
  readonly #http: Server;
  readonly #script = new Map<string, Answer[]>();
  readonly #changes = new Map<string, Element[]>();
  readonly #held = new Set<ServerResponse>();
  readonly #listeners = new Set<() => void>();
  #syncKey = 0;

  constructor() {
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** The next answers to a command, instead of the right ones. */
  answer(command: string, ...answers: Answer[]): void {
    this.#script.set(command, [...(this.#script.get(command) ?? []), ...answers]);
  }

  /** Changes for the next Sync of that folder; wakes held Pings. */
  change(collectionId: string, ...commands: Element[]): void {
    this.#changes.set(collectionId, [...(this.#changes.get(collectionId) ?? []), ...commands]);
    this.wake(pinged(2, [collectionId]));
  }

  wake(answer: Element): void {
    for (const response of this.#held) send(response, answer);
    this.#held.clear();
  }

  /** Resolves when the command was asked for so many times. */
  heard(command: string, times = 1): Promise<Asked> {
    return new Promise((resolve) => {
      const listener = (): void => {
        const found = this.of(command)[times - 1];
        if (found === undefined) return;
        this.#listeners.delete(listener);
        resolve(found);
      };
      this.#listeners.add(listener);
      listener();
    });
  }

  of(command: string): Asked[] {
    return this.asked.filter((each) => each.command === command);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return send(response, 405);
    const asked = await readAsked(request);
    this.asked.push(asked);
    for (const listener of this.#listeners) listener();
    const scripted = this.#script.get(asked.command)?.shift();
    if (scripted !== undefined) return send(response, scripted);
    if (asked.command === 'Ping') return this.#hold(response);
    send(response, this.#behave(asked));
  }

  // What changed before the phone went to sleep wakes it at once.
  #hold(response: ServerResponse): void {
    const changed = [...this.#changes.keys()];
    if (changed.length > 0) send(response, pinged(2, changed));
    else this.#held.add(response);
  }

  #behave({ command, document }: Asked): Answer {
    switch (command) {
      case 'Provision':
        return provisioned(document!);
      case 'Settings':
        return element(Settings.Settings, [
          element(Settings.Status, '1'),
          element(Settings.DeviceInformation, [element(Settings.Status, '1')]),
        ]);
      case 'FolderSync':
        return folders();
      case 'Sync':
        return this.#synced(document!);
      case 'SendMail':
      case 'SmartReply':
        return 'nothing';
      case 'MoveItems':
        return moved(document!);
      default:
        return 501;
    }
  }

  #synced(document: Element): Answer {
    const asked = children(child(document, AirSync.Collections)!, AirSync.Collection);
    const answered = asked.map((each) => this.#syncedCollection(each)).filter((each) => each !== undefined);
    return answered.length === 0 ? 'nothing' : synced(...answered);
  }

  #syncedCollection(asked: Element): Element | undefined {
    const id = text(asked, AirSync.CollectionId)!;
    const adds = commandsOf(asked, AirSync.Add);
    const isPriming = text(asked, AirSync.SyncKey) === '0';
    const changes = isPriming ? [] : (this.#changes.get(id) ?? []);
    if (!isPriming && changes.length + commandsOf(asked).length === 0) return undefined;
    if (!isPriming) this.#changes.delete(id);
    this.#syncKey += 1;
    return collection(id, `key-${this.#syncKey}`, { responses: adds.map(addedResponse), commands: changes });
  }
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const query = request.url!.slice(request.url!.indexOf('?') + 1);
  const command = new URLSearchParams(query).get('Cmd') ?? packedCommand(query);
  const isMail = request.headers['content-type'] === 'message/rfc822';
  const document = body.length === 0 || isMail ? undefined : decode(body);
  return { command, query, headers: request.headers, body, document };
}

function packedCommand(query: string): string {
  const names: Record<number, string> = {
    0: 'Sync',
    1: 'SendMail',
    3: 'SmartReply',
    9: 'FolderSync',
    13: 'MoveItems',
    17: 'Settings',
    18: 'Ping',
  };
  return names[Buffer.from(query, 'base64')[1]!] ?? 'Provision';
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'cut') return void response.destroy();
  if (answer === 'nothing') return void response.writeHead(200).end();
  if (typeof answer === 'number') return void response.writeHead(answer).end();
  if ('status' in answer) return void response.writeHead(answer.status, answer.headers).end();
  response
    .writeHead(200, { 'Content-Type': 'application/vnd.ms-sync.wbxml' })
    .end(answer instanceof Uint8Array ? answer : encode(answer));
}

export function synced(...collections: Element[]): Element {
  return element(AirSync.Sync, [element(AirSync.Collections, collections)]);
}

export function collection(
  id: string,
  syncKey: string,
  content: { responses?: Element[]; commands?: Element[]; moreAvailable?: boolean } = {},
): Element {
  const { responses = [], commands = [], moreAvailable = false } = content;
  return element(AirSync.Collection, [
    element(AirSync.SyncKey, syncKey),
    element(AirSync.CollectionId, id),
    element(AirSync.Status, '1'),
    moreAvailable ? element(AirSync.MoreAvailable) : undefined,
    responses.length === 0 ? undefined : element(AirSync.Responses, responses),
    commands.length === 0 ? undefined : element(AirSync.Commands, commands),
  ]);
}

export function failedCollection(id: string, status: number): Element {
  const content = [element(AirSync.CollectionId, id), element(AirSync.Status, String(status))];
  return element(AirSync.Collection, content);
}

export function smsAdd(serverId: string, item: { from?: string; to?: string; text: string }): Element {
  return element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ServerId, serverId),
    element(AirSync.ApplicationData, [
      element(Email.To, item.to ?? ''),
      element(Email.From, item.from ?? ''),
      element(AirSyncBase.Body, [element(AirSyncBase.Type, '1'), element(AirSyncBase.Data, item.text)]),
    ]),
  ]);
}

export function mailAdd(serverId: string, item: { from: string; subject: string; text: string }): Element {
  return element(AirSync.Add, [
    element(AirSync.ServerId, serverId),
    element(AirSync.ApplicationData, [
      element(Email.From, item.from),
      element(Email.Subject, item.subject),
      element(AirSyncBase.Body, [element(AirSyncBase.Type, '1'), element(AirSyncBase.Data, item.text)]),
    ]),
  ]);
}

export function pinged(status: number, folderIds: readonly string[] = [], more?: Element): Element {
  const list = folderIds.map((id) => element(Ping.Folder, id));
  return element(Ping.Ping, [
    element(Ping.Status, String(status)),
    list.length === 0 ? undefined : element(Ping.Folders, list),
    more,
  ]);
}

/** The client's commands in the request for one folder, of one kind or of all. */
export function commandsTo(asked: Asked, collectionId: string, tag?: number): readonly Element[] {
  const collections = children(child(asked.document!, AirSync.Collections)!, AirSync.Collection);
  const wanted = collections.find((each) => text(each, AirSync.CollectionId) === collectionId);
  return wanted === undefined ? [] : commandsOf(wanted, tag);
}

function commandsOf(asked: Element, tag?: number): readonly Element[] {
  const commands = child(asked, AirSync.Commands);
  return commands === undefined ? [] : children(commands, tag);
}

export function addedResponse(add: Element): Element {
  const clientId = text(add, AirSync.ClientId)!;
  return element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ClientId, clientId),
    element(AirSync.ServerId, `server-${clientId}`),
    element(AirSync.Status, '1'),
  ]);
}

function provisioned(document: Element): Element {
  const policies = child(document, Provision.Policies);
  // The report of a wipe has none.
  if (policies === undefined) return element(Provision.Provision, [element(Provision.Status, '1')]);
  const asked = child(policies, Provision.Policy)!;
  const isFirst = text(asked, Provision.PolicyKey) === undefined;
  return element(Provision.Provision, [
    element(Provision.Status, '1'),
    element(Provision.Policies, [
      element(Provision.Policy, [
        element(Provision.PolicyType, text(asked, Provision.PolicyType)),
        element(Provision.Status, '1'),
        element(Provision.PolicyKey, isFirst ? '1111' : '2222'),
      ]),
    ]),
  ]);
}

export function folders(): Element {
  const add = (id: string, type: string, name: string) =>
    element(FolderHierarchy.Add, [
      element(FolderHierarchy.ServerId, id),
      element(FolderHierarchy.ParentId, '0'),
      element(FolderHierarchy.DisplayName, name),
      element(FolderHierarchy.Type, type),
    ]);
  return element(FolderHierarchy.FolderSync, [
    element(FolderHierarchy.Status, '1'),
    element(FolderHierarchy.SyncKey, 'folders-1'),
    element(FolderHierarchy.Changes, [
      element(FolderHierarchy.Count, '4'),
      add(folder.inbox, '2', 'Inbox'),
      add(folder.outbox, '6', 'Outbox'),
      add(folder.sent, '5', 'Sent Items'),
      add('4', '8', 'Calendar'),
    ]),
  ]);
}

export function moved(document: Element, status = '3'): Element {
  const asked = child(document, Move.Move)!;
  return element(Move.MoveItems, [
    element(Move.Response, [
      element(Move.SrcMsgId, text(asked, Move.SrcMsgId)),
      element(Move.Status, status),
      element(Move.DstMsgId, 'moved'),
    ]),
  ]);
}
