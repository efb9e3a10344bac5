import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { FolderType } from '../../src/store/mailboxes.js';
import { openSqlite } from '../../src/store/open.js';
import { claimMessages } from '../../src/store/queue.js';
import type { Device, User } from '../../src/store/tables.js';
import { minute, openStage, Stage, start } from './stage.js';
import { scratchFolder } from '../scratch-folder.js';
import { afterCrash } from '../store/after-crash.js';

interface BeforeCrash {
  stage: Stage;
  user: User;
  /** The same data, opened by the next run of the server. */
  restart: () => Promise<Stage>;
}

async function openOnDisk(): Promise<BeforeCrash> {
  const file = join(scratchFolder(), 'store.db');
  const stage = await openStage({ file });
  const user = await stage.addUser('ada@example.com');
  const restart = async () => new Stage(await openSqlite(afterCrash(file)), { now: stage.now, firstId: 1_000 });
  return { stage, user, restart };
}

async function reach(stage: Stage, id: string, state: string): Promise<void> {
  while ((await stage.state(id)) !== state) await nextTurn();
}

test('a text that a gateway held when the server died is unknown, told, and not sent again', async (t) => {
  const { stage, user, restart } = await openOnDisk();
  await stage.addGateway('slow', { delaySeconds: 3600 });
  const id = await stage.submit({ user });
  const lost = stage.settle();
  await reach(stage, id, 'sending');
  const next = await restart();
  await next.settle();
  await next.settle();
  t.is(await next.state(id), 'unknown');
  t.deepEqual(await next.outcomes(id), ['unknown']);
  t.deepEqual(await next.subjects(user), ['Text to +447700900123 may not have been sent']);
  await stage.dispatcher.stop();
  await lost;
  t.is((await next.subjects(user)).length, 1);
});

test('a text that was only claimed when the server died goes out with the next start, without that claim being an attempt', async (t) => {
  const { stage, user, restart } = await openOnDisk();
  await stage.addGateway('loop');
  const id = await stage.submit({ user });
  const until = start + minute;
  await stage.store.transact((tx) => claimMessages(tx, [id], { by: 'the dead', until, now: start }));
  const next = await restart();
  await next.settle();
  t.is(await next.state(id), 'sent');
  t.is((await next.attempts(id)).length, 1);
  t.is((await next.items(user, FolderType.SentItems)).length, 1);
});

test('texts in the hands of a phone stay there over a restart, fetched or not', async (t) => {
  const { stage, user, restart } = await openOnDisk();
  const phone: Device = await stage.addElectedPhone(user);
  const fetched = await stage.submit({ user });
  await stage.settle();
  const [item] = await stage.fetch(phone);
  const offered = await stage.submit({ user });
  await stage.settle();
  const next = await restart();
  await next.settle();
  t.is(await next.state(fetched), 'sending');
  t.is(await next.state(offered), 'offered');
  t.deepEqual(await next.subjects(user), []);
  await next.confirm(phone, item!, 'delete');
  await next.settle();
  t.is(await next.state(fetched), 'sent');
});

test('a confirmation that nobody dealt with before the end is dealt with after the start', async (t) => {
  const { stage, user, restart } = await openOnDisk();
  const phone = await stage.addElectedPhone(user);
  const id = await stage.submit({ user });
  await stage.settle();
  const [item] = await stage.fetch(phone);
  await stage.confirm(phone, item!, 'move');
  const next = await restart();
  next.dispatcher.start();
  await reach(next, id, 'sent');
  await next.dispatcher.stop();
  t.deepEqual(await next.outcomes(id), ['sent']);
  t.is((await next.items(user, FolderType.SentItems)).length, 1);
});

test('a stop records what is still in flight as unknown and gives back what was claimed only', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addGateway('slow', { delaySeconds: 3600, concurrency: 1 });
  const held = await stage.submit({ user });
  const waiting = await stage.submit({ user });
  stage.dispatcher.start();
  await reach(stage, held, 'sending');
  await stage.dispatcher.stop();
  t.is(await stage.state(held), 'unknown');
  t.deepEqual(await stage.outcomes(held), ['unknown']);
  t.is(await stage.state(waiting), 'queued');
  t.true((await stage.message(waiting)).claimedUntil <= stage.now);
  t.is((await stage.subjects(user)).length, 1);
});

test('a stop waits for what comes to its end in time', async (t) => {
  const stage = await openStage({ times: { graceMilliseconds: 10_000 } });
  await stage.addGateway('quick', { delaySeconds: 0.02 });
  const id = await stage.submit();
  stage.dispatcher.start();
  await reach(stage, id, 'sending');
  await stage.dispatcher.stop();
  t.is(await stage.state(id), 'sent');
});

test('after a stop nothing is dispatched any longer', async (t) => {
  const stage = await openStage();
  await stage.addGateway('loop');
  stage.dispatcher.start();
  await stage.dispatcher.stop();
  const id = await stage.submit();
  for (let n = 0; n < 20; n++) await nextTurn();
  t.is(await stage.state(id), 'queued');
});
