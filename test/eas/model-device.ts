// A device of the random model: it watches two folders, loses answers, begins anew at will, and notes what no server may
// say to it.

import type { ItemClass } from '../../src/store/states.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { type Answered, type Bench, type ReadCollection, readAnswer, syncOf, TalkingDevice } from './talking-device.js';

export interface Wish {
  classes: readonly ItemClass[];
  filterType: number;
}

/** What the device has of a folder. */
export interface Watched {
  key: string;
  wish: Wish;
  /** Under which classes it asked for items when it last spoke of the folder. */
  asked: readonly ItemClass[];
  /** Read marks by ServerId. */
  view: Map<string, string | undefined>;
  /** What it took out itself, or never heard of: it may be told of that once more. */
  gone: Set<string>;
}

export interface Chance {
  below: (count: number) => number;
  /** Something else, between a lost answer and its repetition. */
  happen: (asking: ModelDevice) => Promise<void>;
}

export class ModelDevice {
  readonly device: TalkingDevice;
  readonly folders: ReadonlyMap<string, Watched>;
  readonly faults: string[] = [];
  readonly #chance: Chance;
  /** What of all that it was given is a text; numbers without the folder. */
  readonly #texts = new Set<string>();

  constructor(bench: Bench, name: string, { folders, chance }: { folders: readonly string[]; chance: Chance }) {
    this.device = new TalkingDevice(bench, name);
    this.#chance = chance;
    const none = () => ({
      key: '0',
      wish: { classes: ['Email' as const], filterType: 0 },
      asked: ['Email' as const],
      view: new Map(),
      gone: new Set<string>(),
    });
    this.folders = new Map(folders.map((id) => [id, none()]));
  }

  beginAnew(folder: string): void {
    const watched = this.#watched(folder);
    watched.key = '0';
    watched.view.clear();
  }

  /** A name that it knows in this folder. */
  any(folder: string): string | undefined {
    const names = [...this.#watched(folder).view.keys()];
    return names[this.#chance.below(Math.max(1, names.length))];
  }

  async mark(folder: string): Promise<void> {
    const name = this.any(folder);
    if (name === undefined) return;
    const { view } = this.#watched(folder);
    const read = view.get(name) === '1' ? '0' : '1';
    const data = element(AirSync.ApplicationData, [element(Email.Read, read)]);
    const answer = await this.sync(folder, [element(AirSync.Change, [element(AirSync.ServerId, name), data])]);
    const isRefused = answer?.responses.some(({ serverId }) => serverId === name);
    const isTold = answer?.changes.includes(name);
    if (answer && !isRefused && !isTold && view.has(name)) view.set(name, read);
  }

  async delete(folder: string): Promise<void> {
    const name = this.any(folder);
    if (name === undefined) return;
    await this.sync(folder, [element(AirSync.Delete, [element(AirSync.ServerId, name)])], name);
  }

  async move(source: string, destination: string): Promise<void> {
    const name = this.any(source);
    if (name === undefined) return;
    const names = [element(Move.SrcMsgId, name), element(Move.SrcFldId, source), element(Move.DstFldId, destination)];
    const { root } = await this.#post('MoveItems', element(Move.MoveItems, [element(Move.Move, names)]));
    const response = child(root!, Move.Response)!;
    if (text(response, Move.Status) !== '3') return;
    const [from, to] = [this.#watched(source), this.#watched(destination)];
    const read = from.view.get(name);
    this.#takeOut(from, name);
    const newName = text(response, Move.DstMsgId)!;
    if (this.#isAskedFor(to, newName)) to.view.set(newName, read);
  }

  // Where it asks for texts alone it has no mail, also none that it put there; if it asks for mail again, all is new.
  #isAskedFor({ asked }: Watched, name: string): boolean {
    return asked.includes('Email') || this.#texts.has(numberOf(name));
  }

  /** `undefined` where there was nothing to say. `deleted` is what the commands take out. */
  async sync(folder: string, commands: Element[] = [], deleted?: string): Promise<ReadCollection | undefined> {
    const watched = this.#watched(folder);
    if (watched.key === '0') await this.#begin(folder);
    const isNamed = deleted !== undefined && !watched.view.has(deleted);
    const answered = await this.#post('Sync', this.#request(folder, isNamed ? [] : commands));
    const [answer] = readAnswer(answered);
    if (!answer) return undefined;
    if (answer.status !== '1') this.faults.push(`Status ${answer.status}`);
    if (deleted !== undefined) this.#takeOut(watched, deleted);
    this.#take(watched, answer, dataIn(answered.root!));
    return answer;
  }

  async settle(): Promise<void> {
    for (const folder of this.folders.keys()) while (await this.sync(folder));
  }

  #watched(folder: string): Watched {
    return this.folders.get(folder)!;
  }

  #takeOut({ view, gone }: Watched, name: string): void {
    view.delete(name);
    gone.add(name);
  }

  /** A lost answer is asked for again. */
  async #post(command: string, body: Element) {
    if (this.#chance.below(4) === 0) {
      this.#lose(await this.device.post(command, body));
      if (this.#chance.below(2) === 0) await this.#chance.happen(this);
    }
    return this.device.post(command, body);
  }

  // An item that leaves before the answer is repeated is not in the repetition: the next key takes it back all the same.
  #lose(answered: Answered): void {
    for (const { adds } of readAnswer(answered))
      for (const { serverId } of adds) this.#watched(serverId.split(':')[0]!).gone.add(serverId);
  }

  async #begin(folder: string): Promise<void> {
    const watched = this.#watched(folder);
    watched.view.clear();
    const [answer] = readAnswer(await this.#post('Sync', syncOf({ syncKey: '0', id: folder })));
    watched.key = answer!.syncKey!;
  }

  #request(folder: string, commands: Element[]): Element {
    const watched = this.#watched(folder);
    const { key, wish } = watched;
    watched.asked = wish.classes;
    const options = wish.classes.map((each) =>
      element(AirSync.Options, [element(AirSync.Class, each), element(AirSync.FilterType, String(wish.filterType))]),
    );
    const whole = { syncKey: key, id: folder, windowSize: 1 + this.#chance.below(4), options };
    return syncOf(commands.length > 0 ? { ...whole, commands } : whole);
  }

  #take(watched: Watched, answer: ReadCollection, data: ReadonlyMap<string, string | undefined>): void {
    const { view, gone } = watched;
    const { syncKey, adds, changes, deletes, softDeletes } = answer;
    watched.key = syncKey!;
    for (const name of [...softDeletes, ...deletes])
      // What both sides removed at the same time the device may be told once more.
      if (!view.delete(name) && !gone.has(name)) this.faults.push(`taken and not there: ${name}`);
    for (const name of changes) {
      if (view.has(name)) view.set(name, data.get(name));
      else if (!gone.has(name)) this.faults.push(`changed and not there: ${name}`);
    }
    for (const { serverId, class: itemClass } of adds) {
      if (itemClass === 'SMS' || serverId.includes('m')) this.#texts.add(numberOf(serverId));
      if (view.has(serverId)) this.faults.push(`added again: ${serverId}`);
      view.set(serverId, data.get(serverId));
    }
  }
}

function numberOf(name: string): string {
  return name.replace(/^.*[:m]/, '');
}

/** Read marks of what an answer gives, by ServerId. */
function dataIn(root: Element): ReadonlyMap<string, string | undefined> {
  const collection = children(child(root, AirSync.Collections)!)[0]!;
  const commands = child(collection, AirSync.Commands);
  return new Map(
    (commands ? children(commands) : []).map((command) => {
      const data = child(command, AirSync.ApplicationData);
      return [text(command, AirSync.ServerId)!, data && text(data, Email.Read)];
    }),
  );
}
