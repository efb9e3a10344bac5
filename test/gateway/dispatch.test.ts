import test from 'ava';
import { retryDelayMilliseconds } from '../../src/store/retry-delay.js';
import { getGatewayStatus } from '../../src/gateway/health.js';
import { deleteGateway, getGateway } from '../../src/store/gateways.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { User } from '../../src/store/tables.js';
import { minute, openStage, start, type Stage } from './stage.js';

const second = 1000;

async function openWithUser(): Promise<{ stage: Stage; user: User }> {
  const stage = await openStage();
  return { stage, user: await stage.addUser('ada@example.com') };
}

test('a refused text fails, and its sender is told why with the text', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { answers: ['refused'] });
  const id = await stage.submit({ user, text: 'See you at nine' });
  await stage.settle();
  const { state, error, gateway, finishedAt } = await stage.message(id);
  t.deepEqual({ state, gateway, finishedAt }, { state: 'failed', gateway: 'loop', finishedAt: start });
  t.deepEqual(await stage.outcomes(id), ['refused']);
  const [mail] = await stage.items(user, FolderType.Inbox);
  t.is(mail?.class, 'Email');
  t.is(mail?.from, 'postmaster@example.com');
  t.is(mail?.to, 'ada@example.com');
  t.is(mail?.subject, 'Text to +447700900123 was not sent');
  t.true(mail!.text.includes(error!) && mail!.text.includes('See you at nine'));
  t.deepEqual(await stage.items(user, FolderType.SentItems), []);
});

test('a text whose outcome is unknown is never sent again, and its sender is told once', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { answers: ['unknown', 'sent'] });
  const id = await stage.submit({ user });
  await stage.settle();
  await stage.after(60);
  t.is(await stage.state(id), 'unknown');
  t.deepEqual(await stage.outcomes(id), ['unknown']);
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 may not have been sent']);
});

test('a text to be tried later is tried at the times of the settings', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.saveSettings({ retry: { firstSeconds: 10, maxSeconds: 15, factor: 2, jitter: 0.2, maxAttempts: 500 } });
  await stage.addGateway('loop', { answers: ['try-later', 'try-later', 'sent'] });
  const id = await stage.submit({ user });
  await stage.settle();
  const waiting = await stage.message(id);
  t.is(waiting.state, 'queued');
  t.is(waiting.dueAt, start + 10 * second);
  t.truthy(waiting.error);
  await stage.after(9.9 / 60);
  t.is((await stage.attempts(id)).length, 1);
  await stage.after(0.1 / 60);
  t.is((await stage.attempts(id)).length, 2);
  t.is((await stage.message(id)).dueAt, stage.now + 15 * second);
  await stage.after(15 / 60);
  t.deepEqual(await stage.outcomes(id), ['try-later', 'try-later', 'sent']);
  const sent = await stage.message(id);
  t.is(sent.state, 'sent');
  t.is(sent.error, null);
  t.deepEqual(await stage.subjects(user), []);
});

test('retries grow up to their limit and are spread both ways', (t) => {
  const retry = { firstSeconds: 5, maxSeconds: 900, factor: 2, jitter: 0.2 };
  t.deepEqual(
    [1, 2, 3, 20].map((n) => retryDelayMilliseconds(retry, n, 0.5)),
    [5000, 10_000, 20_000, 900_000],
  );
  t.is(retryDelayMilliseconds(retry, 1, 0), 4000);
  t.is(retryDelayMilliseconds(retry, 1, 1), 6000);
});

test('a text is not sent after it expired, and its sender is told what it waited for', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { answers: ['try-later'] });
  const id = await stage.submit({ user, expireMinutes: 3 });
  await stage.settle();
  for (let tries = 0; tries < 10; tries++) await stage.after(0.3);
  const before = (await stage.attempts(id)).length;
  t.is(await stage.state(id), 'expired');
  await stage.after(60);
  t.is((await stage.attempts(id)).length, before);
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 was not sent in time']);
});

test('a text that was routed and expired before its turn is not sent', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { concurrency: 1, answers: ['unknown'] });
  const first = await stage.submit({ user });
  const second_ = await stage.submit({ user, expireMinutes: 1 });
  stage.now += minute;
  await stage.settle();
  t.is(await stage.state(first), 'unknown');
  t.is(await stage.state(second_), 'expired');
  t.deepEqual(await stage.attempts(second_), []);
});

test('a text pinned to a gateway waits for that one, with the reason in words, until it expires', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('other');
  await stage.addGateway('wanted', {}, { active: false });
  const id = await stage.submit({ user, gateway: 'wanted', expireMinutes: 60 });
  await stage.settle();
  t.is(await stage.state(id), 'queued');
  t.is((await stage.message(id)).error, 'gateway wanted: the gateway is switched off');
  await stage.addGateway('wanted');
  await stage.settle();
  t.is(await stage.state(id), 'sent');
  t.is((await stage.message(id)).gateway, 'wanted');

  const late = await stage.submit({ user, gateway: 'wanted', expireMinutes: 60 });
  await stage.store.transact((tx) => deleteGateway(tx, 'wanted'));
  await stage.settle();
  t.is((await stage.message(late)).error, 'there is no gateway wanted');
  await stage.after(60);
  t.is(await stage.state(late), 'expired');
});

test('a gateway whose options make no sense carries nothing and says so', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('odd', { answers: ['perhaps'] });
  const id = await stage.submit({ user });
  await stage.settle();
  t.is((await stage.message(id)).error, 'the gateway is not set up rightly');
});

test('a text sent over a gateway lies once in Sent Items of its sender', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop');
  const id = await stage.submit({ user, text: 'Hello' });
  await stage.settle();
  await stage.settle();
  const { state, gateway, finishedAt } = await stage.message(id);
  t.deepEqual({ state, gateway, finishedAt }, { state: 'sent', gateway: 'loop', finishedAt: start });
  const items = await stage.items(user, FolderType.SentItems);
  t.deepEqual(
    items.map((item) => [item.class, item.to, item.text, item.read]),
    [['SMS', '"+447700900123" [MOBILE:+447700900123]', 'Hello', true]],
  );
  const [attempt] = await stage.attempts(id);
  t.deepEqual([attempt?.gateway, attempt?.outcome, attempt?.endedAt], ['loop', 'sent', start]);
});

test('a text without a user is sent and nobody is told', async (t) => {
  const { stage } = await openWithUser();
  await stage.addGateway('loop', { answers: ['sent', 'refused'] });
  const ids = [await stage.submit(), await stage.submit()];
  await stage.settle();
  t.deepEqual(await Promise.all(ids.map((id) => stage.state(id))), ['sent', 'failed']);
});

test('texts are shared out among the active gateways', async (t) => {
  const { stage, user } = await openWithUser();
  for (const id of ['a', 'b', 'c']) await stage.addGateway(id);
  await stage.addGateway('off', {}, { active: false });
  const ids = await Promise.all(Array.from({ length: 30 }, () => stage.submit({ user })));
  await stage.settle();
  const carried = await Promise.all(ids.map(async (id) => (await stage.message(id)).gateway!));
  for (const gateway of ['a', 'b', 'c']) t.is(carried.filter((id) => id === gateway).length, 10);
});

test('more texts than a gateway takes at a time all go out, in their order', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { concurrency: 3 });
  const ids: string[] = [];
  for (let n = 0; n < 250; n++) ids.push(await stage.submit({ user, text: String(n) }));
  await stage.settle();
  for (const id of ids) t.is(await stage.state(id), 'sent');
  const texts = (await stage.items(user, FolderType.SentItems)).map(({ text }) => text).reverse();
  t.deepEqual(
    texts,
    ids.map((_, n) => String(n)),
  );
});

test('many texts in flight at a gateway are taken for no leak', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { delaySeconds: 0.01 });
  for (let n = 0; n < 20; n++) await stage.submit({ user });
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  await stage.settle();
  t.deepEqual(warnings, []);
});

test('what no gateway can carry is looked at once and again a minute later, not in between', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addPhone(user, 'PHONE1', { lastOutboxSync: null });
  const ids = await Promise.all(Array.from({ length: 250 }, () => stage.submit({ user })));
  await stage.settle();
  const dueAt = await Promise.all(ids.map(async (id) => (await stage.message(id)).dueAt));
  t.deepEqual(new Set(dueAt), new Set([start + minute]));
  await stage.after(0.5);
  t.is((await stage.message(ids[0]!)).dueAt, start + minute);
  await stage.after(0.5);
  t.is((await stage.message(ids[0]!)).dueAt, start + 2 * minute);
});

test('a gateway shows how it fares and what it has to do', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop', { answers: ['sent', 'refused', 'try-later', 'sent'] });
  const show = async () => {
    const gateway = (await stage.store.read((session) => getGateway(session, 'loop')))!;
    return getGatewayStatus({ ...stage.services, health: stage.dispatcher.health }, gateway);
  };
  t.deepEqual(await show(), { health: 'up', lastError: null, queued: 0, sent: 0 });
  await stage.submit({ user });
  await stage.settle();
  t.deepEqual(await show(), { health: 'up', lastError: null, queued: 0, sent: 1 });
  await stage.submit({ user });
  await stage.settle();
  t.is((await show()).health, 'degraded');
  t.truthy((await show()).lastError);
  await stage.submit({ user });
  await stage.settle();
  t.is((await show()).health, 'down');
  await stage.after(1);
  t.like(await show(), { health: 'up', queued: 0, sent: 2 });
  await stage.addGateway('loop', {}, { active: false });
  t.like(await show(), { health: 'down', lastError: 'the gateway is switched off' });
});

test('a started dispatcher carries a text without being asked', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.addGateway('loop');
  stage.dispatcher.start();
  const sent = new Promise<void>((resolve) => stage.store.changes.listen('folder', () => resolve()));
  const id = await stage.submit({ user });
  await sent;
  t.is(await stage.state(id), 'sent');
  await stage.dispatcher.stop();
});

test('a text that comes as a round ends goes out with the next round, not with the next sweep', async (t) => {
  const stage = await openStage({ times: { sweepMilliseconds: 10 * minute, pauseMilliseconds: 20 } });
  await stage.addGateway('loop');
  const texts = 10;
  const read = stage.store.read.bind(stage.store);
  let submitted = 0;
  let isSubmitting = false;
  // The last thing a round does is to read what is due next.
  stage.store.read = async (body) => {
    const result = await read(body);
    if (isSubmitting || submitted === texts) return result;
    isSubmitting = true;
    submitted++;
    await stage.submit();
    isSubmitting = false;
    return result;
  };
  const sent = new Promise<void>((resolve) => {
    let count = 0;
    stage.store.changes.listen('message', () => ++count === texts && resolve());
  });
  stage.dispatcher.start();
  await t.notThrowsAsync(sent);
  await stage.dispatcher.stop();
});
