// MoveItems of two devices that move the same items, each before it is told of the other.

import test from 'ava';
import { addItem } from '../../src/store/items.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { child, element, text } from '../../src/wbxml/element.js';
import {
  type Bench,
  type CollectionWish,
  noon,
  openBench,
  type ReadCollection,
  readAnswer,
  syncOf,
  TalkingDevice,
} from './talking-device.js';

class Mover extends TalkingDevice {
  readonly #keys = new Map<string, string>();

  async sync(id: string, wish: Partial<CollectionWish> = {}): Promise<ReadCollection | undefined> {
    const answer = await this.syncInVain(id, wish);
    if (answer) this.#keys.set(id, answer.syncKey!);
    return answer;
  }

  /** The answer is lost. */
  async syncInVain(id: string, wish: Partial<CollectionWish>): Promise<ReadCollection | undefined> {
    const whole = { ...wish, id, syncKey: this.#keys.get(id) ?? '0' };
    return readAnswer(await this.post('Sync', syncOf(whole)))[0];
  }

  /** The Status, and the new name. */
  async move(name: string, to: string): Promise<(string | undefined)[]> {
    const from = name.split(':')[0];
    const names = [element(Move.SrcMsgId, name), element(Move.SrcFldId, from), element(Move.DstFldId, to)];
    const { root } = await this.post('MoveItems', element(Move.MoveItems, [element(Move.Move, names)]));
    const response = child(root!, Move.Response)!;
    return [text(response, Move.Status), text(response, Move.DstMsgId)];
  }
}

interface Scene {
  bench: Bench;
  phone: Mover;
  tablet: Mover;
  inbox: string;
  sent: string;
  /** Of a mail that both have in the Inbox. */
  id: number;
}

async function begin(): Promise<Scene> {
  const bench = await openBench();
  const [phone, tablet] = [new Mover(bench, 'PHONE'), new Mover(bench, 'TABLET')];
  await phone.provision();
  await tablet.provision();
  const { Inbox: inbox, 'Sent Items': sent } = await phone.folders();
  const mail = { class: 'Email', from: 'bob@example.net', to: 'ann@example.com', text: 'any', date: noon } as const;
  const item = { userId: bench.user.id, folderId: Number(inbox), ...mail };
  const { id } = await bench.store.transact((tx) => addItem(tx, item));
  for (const device of [phone, tablet])
    for (const folder of [inbox!, sent!]) {
      await device.sync(folder);
      await device.sync(folder);
    }
  return { bench, phone, tablet, inbox: inbox!, sent: sent!, id };
}

function reading(name: string) {
  const read = element(AirSync.ApplicationData, [element(Email.Read, '1')]);
  return element(AirSync.Change, [element(AirSync.ServerId, name), read]);
}

test('what another device has moved is not moved again, and comes by Sync', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  t.deepEqual(await tablet.move(`${inbox}:${id}`, sent), ['3', `${sent}:${id}`]);
  t.deepEqual(await phone.move(`${inbox}:${id}`, sent), ['1', undefined]);
  t.deepEqual((await phone.sync(inbox))?.deletes, [`${inbox}:${id}`]);
  t.is((await phone.sync(sent))?.adds.length, 1);
  await bench.close();
});

test('what another device has moved is not taken for an earlier move of one’s own', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  await phone.move(`${inbox}:${id}`, sent);
  await phone.move(`${sent}:${id}`, inbox);
  await tablet.sync(inbox);
  await tablet.move(`${inbox}:${id}`, sent);
  t.deepEqual(await phone.move(`${inbox}:${id}`, sent), ['1', undefined]);
  t.is((await phone.sync(sent))?.adds.length, 1);
  await bench.close();
});

test('a move whose answer was lost is answered the same, also when another device moved the item on', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  await phone.move(`${inbox}:${id}`, sent);
  await tablet.sync(sent);
  t.deepEqual(await tablet.move(`${sent}:${id}`, '3'), ['3', `3:${id}`]);
  t.deepEqual(await phone.move(`${inbox}:${id}`, sent), ['3', `${sent}:${id}`]);
  t.deepEqual((await phone.sync(sent))?.deletes, [`${sent}:${id}`]);
  await bench.close();
});

test('what a device moves back before it is told that it was taken away, it keeps', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  await tablet.move(`${inbox}:${id}`, sent);
  t.is((await phone.sync(sent))?.adds.length, 1);
  t.deepEqual(await phone.move(`${sent}:${id}`, inbox), ['3', `${inbox}:${id}`]);
  t.is(await phone.sync(inbox), undefined);
  await bench.close();
});

test('a device is told of a change in the folder into which it moved the item before it knew', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  await tablet.sync(inbox, { commands: [reading(`${inbox}:${id}`)] });
  await phone.move(`${inbox}:${id}`, sent);
  const told = await phone.sync(sent);
  t.deepEqual([told?.adds, told?.changes], [[], [`${sent}:${id}`]]);
  t.is((await tablet.sync(sent))?.adds.length, 1);
  await bench.close();
});

test('what was moved away and back comes anew, also in the answer that refuses a change of it', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  const name = `${inbox}:${id}`;
  await tablet.move(name, sent);
  await tablet.move(`${sent}:${id}`, inbox);
  const told = await phone.sync(inbox, { commands: [reading(name)] });
  t.deepEqual(
    told?.responses.map(({ serverId, status }) => [serverId, status]),
    [[name, '7']],
  );
  t.deepEqual([told?.deletes, told?.adds.map(({ serverId }) => serverId)], [[name], [name]]);
  await bench.close();
});

test('what a lost answer took back, and what has left since, is taken back when the device asks again', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  const name = `${inbox}:${id}`;
  t.deepEqual((await phone.syncInVain(inbox, { classes: ['SMS'] }))?.softDeletes, [name]);
  await tablet.move(name, sent);
  t.deepEqual((await phone.sync(inbox, { classes: ['SMS'] }))?.deletes, [name]);
  t.is(await phone.sync(inbox), undefined);
  await bench.close();
});

test('what a device moved back and another one away again leaves it once', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  const name = `${inbox}:${id}`;
  await tablet.move(name, sent);
  await phone.sync(sent);
  await phone.move(`${sent}:${id}`, inbox);
  await tablet.move(name, '3');
  t.deepEqual((await phone.sync(inbox))?.deletes, [name]);
  await bench.close();
});

test('what a device moved back and no longer asks for leaves it once', async (t) => {
  const { bench, phone, tablet, inbox, sent, id } = await begin();
  const name = `${inbox}:${id}`;
  await tablet.move(name, sent);
  await phone.sync(sent);
  await phone.move(`${sent}:${id}`, inbox);
  const told = await phone.sync(inbox, { classes: ['SMS'] });
  t.deepEqual([told?.softDeletes, told?.deletes], [[name], []]);
  await bench.close();
});
