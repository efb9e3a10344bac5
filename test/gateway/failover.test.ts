// What happens to a text that one gateway does not send: which others are asked, when, and when it ends.

import test from 'ava';
import { FolderType } from '../../src/store/mailboxes.js';
import { defaultSettings } from '../../src/store/settings.js';
import type { User } from '../../src/store/tables.js';
import { openStage, start, type Stage } from './stage.js';

const second = 1000;
const gateways = (stage: Stage, answers: Record<string, string[]>) =>
  Promise.all(Object.entries(answers).map(([id, said]) => stage.addGateway(id, { answers: said })));

async function openWithUser(): Promise<{ stage: Stage; user: User }> {
  const stage = await openStage();
  return { stage, user: await stage.addUser('ada@example.com') };
}

test('a text that every gateway refuses fails after each was asked once, and its sender is told once', async (t) => {
  const { stage, user } = await openWithUser();
  await gateways(stage, { a: ['refused'], b: ['refused'], c: ['refused'] });
  const id = await stage.submit({ user });
  await stage.settle();
  t.is(await stage.state(id), 'failed');
  t.deepEqual((await stage.tries(id)).sort(), ['a refused', 'b refused', 'c refused']);
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 was not sent']);
  await stage.after(120);
  t.is((await stage.attempts(id)).length, 3);
});

test('a text that one gateway refuses goes out through another, once, and nobody is told', async (t) => {
  const { stage, user } = await openWithUser();
  await gateways(stage, { a: ['refused'], b: ['sent'] });
  const id = await stage.submit({ user });
  await stage.settle();
  t.deepEqual(await stage.tries(id), ['a refused', 'b sent']);
  t.like(await stage.message(id), { state: 'sent', gateway: 'b', error: null });
  t.deepEqual(await stage.subjects(user), []);
  t.is((await stage.items(user, FolderType.SentItems)).length, 1);
});

test('a text pinned to the gateway that refuses it fails: no other was wanted', async (t) => {
  const { stage, user } = await openWithUser();
  await gateways(stage, { a: ['refused'], b: ['sent'] });
  const id = await stage.submit({ user, gateway: 'a' });
  await stage.settle();
  t.is(await stage.state(id), 'failed');
  t.deepEqual(await stage.tries(id), ['a refused']);
});

test('a text that is refused fails at once where the others are switched off', async (t) => {
  const { stage, user } = await openWithUser();
  await gateways(stage, { a: ['refused'] });
  await stage.addGateway('off', {}, { active: false });
  const id = await stage.submit({ user });
  await stage.settle();
  t.is(await stage.state(id), 'failed');
});

test('a text that one gateway puts off goes to another at once, and to none that refused it', async (t) => {
  const { stage, user } = await openWithUser();
  await gateways(stage, { a: ['try-later', 'sent'], b: ['refused'] });
  const id = await stage.submit({ user });
  await stage.settle();
  t.deepEqual(await stage.tries(id), ['a try-later', 'b refused', 'a sent']);
  t.is(await stage.state(id), 'sent');
});

test('a text that is put off everywhere asks each gateway once and then pauses, longer each time', async (t) => {
  const { stage, user } = await openWithUser();
  const retry = { firstSeconds: 10, maxSeconds: 3600, factor: 2, jitter: 0, maxAttempts: 500 };
  await stage.saveSettings({ retry });
  await gateways(stage, { a: ['try-later'], b: ['try-later'] });
  const id = await stage.submit({ user });
  await stage.settle();
  t.deepEqual(await stage.tries(id), ['a try-later', 'b try-later']);
  t.is((await stage.message(id)).dueAt, start + 20 * second);
  await stage.after(20 / 60);
  t.is((await stage.attempts(id)).length, 3);
  t.is((await stage.message(id)).dueAt, stage.now + 40 * second);
});

test('a text of unknown outcome is not given to another gateway', async (t) => {
  const { stage, user } = await openWithUser();
  await gateways(stage, { a: ['unknown'], b: ['sent'] });
  const id = await stage.submit({ user });
  await stage.settle();
  await stage.after(120);
  t.deepEqual(await stage.tries(id), ['a unknown']);
});

test('a text that is put off as often as it may fails, and its sender is told', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.saveSettings({ retry: { ...defaultSettings.retry, maxAttempts: 3 } });
  await gateways(stage, { a: ['try-later'] });
  const id = await stage.submit({ user });
  await stage.settle();
  for (let tries = 0; tries < 5; tries++) await stage.after(1);
  t.deepEqual(await stage.tries(id), Array(3).fill('a try-later'));
  t.like(await stage.message(id), { state: 'failed' });
  t.regex((await stage.message(id)).error!, /^it was tried 3 times/);
  t.is((await stage.subjects(user)).length, 1);
});

test('a phone that lets a text lie is followed by a gateway, and that by no gateway that refused it', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addElectedPhone(user);
  const id = await stage.submit({ user });
  await stage.settle();
  await gateways(stage, { a: ['refused'], b: ['sent'] });
  await stage.after(16);
  t.deepEqual(await stage.tries(id), ['activesync:PHONE1 withdrawn', 'a refused', 'b sent']);
});

test('an idle gateway takes over what waits at a slow one', async (t) => {
  const { stage } = await openWithUser();
  await stage.addGateway('slow', { delaySeconds: 3600, concurrency: 1 });
  await stage.addGateway('quick', { concurrency: 1 });
  for (let n = 0; n < 20; n++) await stage.submit();
  let sent = 0;
  const allButTwo = new Promise<void>((resolve) =>
    stage.store.changes.listen('message', ({ state }) => {
      if (state === 'sent' && ++sent === 18) resolve();
    }),
  );
  stage.dispatcher.start();
  await t.notThrowsAsync(allButTwo, 'one is in the hands of the slow one, one is next');
  await stage.dispatcher.stop();
});
