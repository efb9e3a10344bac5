// What rules could not bring about, tried again by hand; and what a copy keeps.

import test from 'ava';
import { getEffect, retryEffect } from '../../src/store/effects.js';
import type { Action } from '../../src/rules/rule.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { listAttempts, listMessages } from '../../src/store/messages.js';
import { minute } from '../gateway/stage.js';
import { Arrivals } from './arrivals.js';
import { answering, effects, open, save, type Scene, states, withRule } from './effect-scene.js';

async function again({ stage }: Scene, id: number): Promise<void> {
  await stage.store.transact(function* (tx) {
    yield* retryEffect(tx, (yield* getEffect(tx, id))!, stage.now);
  });
}

test('what failed for good and is tried again by hand has the patience of a new one, and is done as it was to be', async (t) => {
  const scene = await open(t, { rules: { allowedUrlHosts: ['partner.example'] } });
  scene.elsewhere.answer = answering(404);
  await withRule(scene, {
    type: 'execute',
    kind: 'url',
    target: 'https://partner.example/hook?data=%%body%%',
  });
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['failed']);
  // Long after it would have been given up.
  scene.stage.now += 3 * 60 * minute;
  scene.elsewhere.answer = answering(503);
  await again(scene, 1);
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['waiting']);
  scene.stage.now += 30 * minute;
  scene.elsewhere.answer = answering(200);
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['done']);
  t.is(scene.elsewhere.calls.at(-1)?.url, 'https://partner.example/hook?data=Hello');
});

test('a text over the limit of the hour goes when it is tried again in another hour', async (t) => {
  const scene = await open(t, { rules: { textsPerHour: 1 } });
  const arrivals = new Arrivals(scene.stage);
  await save(scene, 'incoming', { type: 'send', to: '%%from%%', text: 'I am away' });
  for (const text of ['one', 'two', 'three']) await arrivals.receive({ text });
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['done', 'failed', 'failed']);
  scene.stage.now += 61 * minute;
  await again(scene, 2);
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['done', 'done', 'failed']);
  t.is((await listMessages(scene.stage.store, { limit: 100 })).length, 2);
});

test('an incoming text that lies elsewhere by now is not placed a second time when its forward is tried again', async (t) => {
  const scene = await open(t);
  const arrivals = new Arrivals(scene.stage);
  await save(scene, 'incoming', { type: 'forward', to: 'nobody@example.com' });
  await arrivals.receive({ text: 'Hello' });
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['failed']);
  await again(scene, 1);
  await scene.delivery.settle();
  t.deepEqual(await states(scene), ['failed']);
  const [effect] = await effects(scene);
  t.false('isPlacing' in effect!.document);
});

test('a copy of a binary message keeps its header, its scheme and its octets', async (t) => {
  const scene = await open(t);
  await save(scene, 'outgoing', { type: 'copy', to: 'sms:+447700900555' });
  const binary = { data: Buffer.from([1, 2, 3]), udh: Buffer.from([5, 4, 0x15, 0x8a, 0, 0]) };
  await scene.stage.submit({ text: '', binary, dcs: 0xf5, pid: 0x7d });
  const arrivals = new Arrivals(scene.stage);
  await save(scene, 'incoming', { type: 'copy', to: 'sms:+447700900556' });
  await arrivals.receive({ text: '', ...binary, dcs: 4 });
  await save(scene, 'outgoing', { type: 'stop' });
  await scene.delivery.settle();
  const copies = (await listMessages(scene.stage.store, { limit: 10 })).filter(({ origin }) => origin === 'rule');
  t.deepEqual(
    copies.map(({ recipient, properties }) => [recipient, properties?.data, properties?.udh, properties?.dcs]).sort(),
    [
      ['+447700900555', 'AQID', 'BQQVigAA', 0xf5],
      ['+447700900556', 'AQID', 'BQQVigAA', 4],
    ],
  );
  t.is(copies.find(({ recipient }) => recipient.endsWith('555'))?.properties?.pid, 0x7d);
});

test('a copy of a push message is one, whose octets are sealed', async (t) => {
  const scene = await open(t);
  await save(scene, 'outgoing', { type: 'copy', to: 'sms:+447700900555' });
  await scene.stage.submit({ text: '', origin: 'push', binary: { data: Buffer.from('a password') } });
  await save(scene, 'outgoing', { type: 'stop' });
  await scene.delivery.settle();
  const messages = await listMessages(scene.stage.store, { limit: 10 });
  t.deepEqual(
    messages.map(({ origin, properties }) => [origin, properties?.data?.slice(0, 7)]),
    [
      ['push', 'sealed:'],
      ['push', 'sealed:'],
    ],
  );
});

const toMail: Action = { type: 'header', mode: 'edit', header: 'To', value: 'boss@example.org' };

test('a message whose To a rule made into an address of mail goes as mail, and through no gateway', async (t) => {
  const scene = await open(t);
  const { stage } = scene;
  await save(scene, 'outgoing', toMail);
  const user = await stage.addUser('ada@example.com');
  const id = await stage.submit({ text: 'Hello', user });
  await stage.settle();
  t.is(await stage.state(id), 'queued');
  await scene.delivery.settle();
  t.is(await stage.state(id), 'sent');
  const [mail, ...others] = await listMails(stage.store);
  t.deepEqual([mail?.recipients, others], [['boss@example.org'], []]);
  const octets = String(mail?.octets);
  t.regex(octets, /^To: <boss@example\.org>\r$/m);
  t.regex(octets, /^From: .*ada@example\.com/m);
  t.regex(octets, /Hello/);
  t.deepEqual(
    (await stage.items(user, FolderType.SentItems)).map(({ text }) => text),
    ['Hello'],
  );
  t.is((await listAttempts(stage.store, id)).length, 0);
});

test('a message that should go as mail and cannot fails, and its sender is told; one that waits for a relay expires', async (t) => {
  const scene = await open(t, { hasRelay: false });
  const { stage } = scene;
  const user = await stage.addUser('ada@example.com');
  await save(scene, 'outgoing', { ...toMail, value: 'nobody@example.com' });
  const failed = await stage.submit({ text: 'Hello', user });
  await scene.delivery.settle();
  t.is(await stage.state(failed), 'failed');
  t.is((await stage.items(user, FolderType.Inbox)).length, 1);
  await save(scene, 'outgoing', toMail);
  const waiting = await stage.submit({ text: 'Hello', user, expireMinutes: 10 });
  await scene.delivery.settle();
  t.is(await stage.state(waiting), 'queued');
  stage.now += 11 * minute;
  await stage.settle();
  t.is(await stage.state(waiting), 'expired');
  await scene.delivery.settle();
  t.deepEqual((await states(scene)).at(-1), 'failed');
  t.deepEqual(await listMails(stage.store), []);
});
