// A mail client that loses answers: it says the same again, to the octet, as clients do, and keeps what it was told of
// folders and items.

import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { FolderKeeper } from './folder-keeper.js';
import { type Answered, type Bench, type Besides, syncOf, until } from './talking-device.js';

/** What becomes of the answer to a request. */
export interface Loss {
  /** How many answers in a row. */
  times: number;
  /** Happens after each of them. */
  meanwhile?: () => Promise<void>;
  /** A Sync that is repeated says something more. */
  saysMore?: boolean;
}

/** What the client has of an item. */
export interface Held {
  text: string;
  read: string | undefined;
  flag: string | undefined;
}

export interface SyncWish {
  windowSize?: number;
  options?: Element[];
  commands?: Element[];
  deletesAsMoves?: boolean;
}

export class MailClient extends FolderKeeper {
  /** Requests asked so far, each counted once. */
  asked = 0;
  readonly keys = new Map<string, string>();
  readonly items = new Map<string, Map<string, Held>>();
  /** Of the Adds that were answered last, by ClientId. */
  added = new Map<string, string>();
  readonly #bench: Bench;
  readonly #lossOf: (request: number) => Loss | undefined;

  constructor(bench: Bench, { version, lossOf }: { version: string; lossOf: (request: number) => Loss | undefined }) {
    super(bench, 'CLIENT');
    this.version = version;
    this.#bench = bench;
    this.#lossOf = lossOf;
  }

  override async post(command: string, body?: Element | Uint8Array, besides?: Besides): Promise<Answered> {
    const loss = this.#lossOf(this.asked++);
    if (!loss) return super.post(command, body, besides);
    for (let time = 0; time < loss.times; time++) {
      await super.post(command, body, besides);
      await loss.meanwhile?.();
    }
    const again = loss.saysMore && command === 'Sync' && body && !(body instanceof Uint8Array) ? withMore(body) : body;
    return super.post(command, again, besides);
  }

  /** What is held until something happens; where there is something to say at once, it happens thereafter. */
  async postHeld(command: string, body: Element | undefined, happens: () => Promise<void>): Promise<Answered> {
    let isAnswered = false;
    const answering = this.post(command, body).finally(() => (isAnswered = true));
    await until(() => isAnswered || this.#bench.eas.held() > 0);
    await happens();
    return answering;
  }

  held(folder: string): Map<string, Held> {
    const known = this.items.get(folder) ?? new Map<string, Held>();
    this.items.set(folder, known);
    return known;
  }

  idOf(folder: string, words: string): string {
    const found = [...this.held(folder)].find(([, held]) => held.text === words);
    return found?.[0] ?? `nothing says "${words}"`;
  }

  requestOf(folders: readonly string[], wish: SyncWish = {}): Element {
    const collections = folders.map((id) => ({ ...wish, id, syncKey: this.keys.get(id) ?? '0' }));
    const root = syncOf(...collections);
    return wish.deletesAsMoves === undefined ? root : withDeletesAsMoves(root, wish.deletesAsMoves);
  }

  /** One round; whether more is to come. */
  async sync(folders: readonly string[], wish: SyncWish = {}): Promise<boolean> {
    return this.take(await this.post('Sync', this.requestOf(folders, wish)));
  }

  async syncAll(folders: readonly string[], wish: SyncWish = {}): Promise<void> {
    while (await this.sync(folders, wish));
  }

  /** Takes a Sync answer into its view; whether it is told that there is more. */
  take({ root, status }: Answered): boolean {
    if (status !== 200) this.faults.push(`HTTP ${status}`);
    const list = root && child(root, AirSync.Collections);
    if (root && !list) this.faults.push(`Sync ${text(root, AirSync.Status)}`);
    const more = (list ? children(list) : []).map((collection) => this.#takeCollection(collection));
    return more.includes(true);
  }

  #takeCollection(collection: Element): boolean {
    const folder = text(collection, AirSync.CollectionId)!;
    const status = text(collection, AirSync.Status);
    if (status !== '1') this.faults.push(`Status ${status} of ${folder}`);
    this.keys.set(folder, text(collection, AirSync.SyncKey)!);
    const [responses, commands] = [AirSync.Responses, AirSync.Commands].map((tag) => child(collection, tag));
    if (responses) this.#takeResponses(responses);
    for (const command of commands ? children(commands) : []) this.#takeCommand(this.held(folder), command);
    return child(collection, AirSync.MoreAvailable) !== undefined;
  }

  #takeResponses(responses: Element): void {
    for (const response of children(responses)) {
      if (response.tag === AirSync.Fetch) continue;
      const status = text(response, AirSync.Status);
      if (status !== '1') this.faults.push(`refused with ${status}`);
      const serverId = text(response, AirSync.ServerId);
      if (response.tag === AirSync.Add && serverId) this.added.set(text(response, AirSync.ClientId)!, serverId);
    }
  }

  #takeCommand(items: Map<string, Held>, command: Element): void {
    const id = text(command, AirSync.ServerId)!;
    const known = items.get(id);
    if ((known !== undefined) === (command.tag === AirSync.Add))
      this.faults.push(`${known ? 'added again' : 'not there'}: ${id}`);
    if (command.tag === AirSync.Add || command.tag === AirSync.Change)
      items.set(id, readHeld(child(command, AirSync.ApplicationData)!, known));
    else items.delete(id);
  }

  async move(words: string, source: string, destination: string): Promise<void> {
    const id = this.idOf(source, words);
    const names = [element(Move.SrcMsgId, id), element(Move.SrcFldId, source), element(Move.DstFldId, destination)];
    const { root } = await this.post('MoveItems', element(Move.MoveItems, [element(Move.Move, names)]));
    const response = child(root!, Move.Response)!;
    if (text(response, Move.Status) !== '3') this.faults.push(`not moved: ${text(response, Move.Status)}`);
    this.held(destination).set(text(response, Move.DstMsgId)!, this.held(source).get(id)!);
    this.held(source).delete(id);
  }
}

function readHeld(data: Element, known: Held | undefined): Held {
  const body = child(data, AirSyncBase.Body);
  const flag = child(data, Email.Flag);
  return {
    text: text(data, Email.Subject) ?? (body && text(body, AirSyncBase.Data)) ?? known?.text ?? '',
    read: text(data, Email.Read) ?? known?.read,
    flag: flag ? text(flag, Email.Status) : known?.flag,
  };
}

const isSync = (root: Element) => child(root, AirSync.Collections) !== undefined;

/** Each Collection with something that can be refused and changes nothing. */
function withMore(root: Element): Element {
  if (!isSync(root)) return root;
  const fetch = element(AirSync.Fetch, [element(AirSync.ServerId, 'nothing')]);
  return mapCollections(root, (parts) => {
    if (text(element(AirSync.Collection, parts), AirSync.SyncKey) === '0') return parts;
    const commands = parts.find(({ tag }) => tag === AirSync.Commands);
    const others = parts.filter((part) => part !== commands);
    return [...others, element(AirSync.Commands, [...(commands ? children(commands) : []), fetch])];
  });
}

function withDeletesAsMoves(root: Element, isSo: boolean): Element {
  const flag = element(AirSync.DeletesAsMoves, isSo ? '1' : '0');
  return mapCollections(root, (parts) =>
    parts.flatMap((part) => (part.tag === AirSync.CollectionId ? [part, flag] : part)),
  );
}

function mapCollections(root: Element, edit: (parts: readonly Element[]) => readonly Element[]): Element {
  return element(
    root.tag,
    children(root).map((part) =>
      part.tag === AirSync.Collections
        ? element(
            part.tag,
            children(part).map((collection) => element(collection.tag, edit(children(collection)))),
          )
        : part,
    ),
  );
}
