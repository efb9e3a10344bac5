// A gateway carries no more than its limits allow, whatever dies in between, and what is over them waits or goes elsewhere.

import test from 'ava';
import { Allowances } from '../../src/gateway/allowance.js';
import { keepHouse } from '../../src/store/housekeeping.js';
import { dayOf, minuteOf, monthOf } from '../../src/store/local-calendar.js';
import type { GatewayLimits } from '../../src/store/states.js';
import { minute, openStage, type Stage } from './stage.js';

const second = 1000;
const hour = 60 * minute;
// In the middle of a month, a day and a minute of any time zone.
const noon = new Date(2026, 4, 15, 12, 0, 0).getTime();

async function openWithLimits(limits: GatewayLimits, answers = ['sent']): Promise<Stage> {
  const stage = await openStage({ now: noon });
  await stage.addGateway('web', { answers }, { limits });
  return stage;
}

async function submit(stage: Stage, count: number, of: { gateway?: string } = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await stage.submit(of));
  return ids;
}

async function sent(stage: Stage, ids: readonly string[]): Promise<number> {
  return (await Promise.all(ids.map((id) => stage.state(id)))).filter((state) => state === 'sent').length;
}

test('carries so many texts in a minute, and the others in the next', async (t) => {
  const stage = await openWithLimits({ perMinute: 3 });
  const ids = await submit(stage, 8);
  await stage.settle();
  t.is(await sent(stage, ids), 3);
  t.like(stage.dispatcher.health.paceOf('web', stage.now), { until: noon + minute });
  stage.now += minute - 1;
  await stage.settle();
  t.is(await sent(stage, ids), 3);
  stage.now += 1;
  await stage.settle();
  t.is(await sent(stage, ids), 6);
  await stage.after(1);
  t.is(await sent(stage, ids), 8);
});

test('pauses between two texts, from the beginning of one to that of the next', async (t) => {
  const stage = await openWithLimits({ pauseSeconds: 10 });
  const ids = await submit(stage, 3);
  await stage.settle();
  t.is(await sent(stage, ids), 1);
  stage.now += 10 * second - 1;
  await stage.settle();
  t.is(await sent(stage, ids), 1);
  stage.now += 1;
  await stage.settle();
  t.is(await sent(stage, ids), 2);
});

test('carries so many texts in a day; the others wait, say why, and go out after midnight', async (t) => {
  const stage = await openWithLimits({ perDay: 5 });
  const ids = await submit(stage, 7);
  await stage.settle();
  t.is(await sent(stage, ids), 5);
  const waiting = await stage.message(ids[6]!);
  const midnight = new Date(2026, 4, 16).getTime();
  t.like(waiting, {
    state: 'queued',
    error: 'the gateway has carried as many texts as it may in a day',
    dueAt: midnight,
  });
  await stage.after(60);
  t.is(await sent(stage, ids), 5);
  stage.now = midnight;
  await stage.settle();
  t.is(await sent(stage, ids), 7);
});

test('what is over the limit of one gateway goes out through another, if it is not pinned', async (t) => {
  const stage = await openWithLimits({ perDay: 2 });
  await stage.addGateway('other');
  const pinned = await submit(stage, 3, { gateway: 'web' });
  await stage.settle();
  t.is(await sent(stage, pinned), 2);
  const free = await submit(stage, 4);
  await stage.settle();
  t.is(await sent(stage, free), 4);
  for (const id of free) t.is((await stage.message(id)).gateway, 'other');
});

test('writes to so many different numbers a month, and to those as often as one likes', async (t) => {
  const stage = await openWithLimits({ uniqueRecipientsPerMonth: 2 });
  const to = (n: number) => stage.submit({ numbers: [`+44770090010${n}`] });
  const ids = [await to(1), await to(2), await to(3), await to(1), await to(2), await to(4)];
  await stage.settle();
  const states = await Promise.all(ids.map((id) => stage.state(id)));
  t.deepEqual(states, ['sent', 'sent', 'queued', 'sent', 'sent', 'queued']);
  t.is((await stage.message(ids[2]!)).error, 'the gateway has written to as many numbers as it may this month');
  t.is((await stage.message(ids[2]!)).dueAt, (await stage.message(ids[2]!)).expiresAt, 'the month lasts longer');
  await stage.addGateway('other');
  await stage.settle();
  t.is((await stage.message(ids[2]!)).gateway, 'other');
});

test('a text that was surely not sent is given back to the day and the month, not to the minute', async (t) => {
  const limits = { perMinute: 4, perDay: 1, uniqueRecipientsPerMonth: 1 };
  const stage = await openWithLimits(limits, ['refused', 'refused', 'sent', 'sent']);
  const to = (n: number) => stage.submit({ numbers: [`+44770090010${n}`] });
  const ids: string[] = [];
  for (let n = 1; n <= 4; n++) {
    ids.push(await to(n));
    await stage.settle();
  }
  const states = await Promise.all(ids.map((id) => stage.state(id)));
  t.deepEqual(states, ['failed', 'failed', 'sent', 'queued']);
});

test('a gateway that failed and has used up its day is not tried again before the next', async (t) => {
  const stage = await openWithLimits({ perDay: 2 }, ['sent', 'sent']);
  const ids = await submit(stage, 3);
  await stage.settle();
  const failed = { outcome: 'try-later', reason: 'busy', retryAfterSeconds: 60 } as const;
  stage.dispatcher.health.note('web', failed, stage.now);
  ids.push(await stage.submit());
  await stage.after(1);
  t.true(stage.dispatcher.health.isProbing('web', stage.now));
  t.is(await sent(stage, ids), 2);
  const waiting = await stage.message(ids[3]!);
  t.like(waiting, { state: 'queued', error: 'the gateway has carried as many texts as it may in a day' });
});

test('a text of unknown outcome counts', async (t) => {
  const stage = await openWithLimits({ perDay: 1 }, ['unknown', 'sent']);
  const ids = await submit(stage, 2);
  await stage.settle();
  t.deepEqual(await Promise.all(ids.map((id) => stage.state(id))), ['unknown', 'queued']);
});

test('what was counted stays counted when the server dies before the gateway answers', async (t) => {
  const stage = await openWithLimits({ perDay: 3, uniqueRecipientsPerMonth: 1 });
  const { store } = stage;
  const text = { id: 'web', limits: { perDay: 3, uniqueRecipientsPerMonth: 1 }, recipient: '+447700900101', now: noon };
  await store.transact((tx) => new Allowances().take(tx, text));
  const after = new Allowances();
  const other = { ...text, recipient: '+447700900102' };
  t.truthy(await store.read((session) => after.findHindrance(session as never, other)));
  t.is(await store.read((session) => after.findHindrance(session as never, text)), undefined);
});

test('a number that another text builds on is not given back', async (t) => {
  const { store } = await openWithLimits({});
  const text = { id: 'web', limits: { uniqueRecipientsPerMonth: 1 }, recipient: '+447700900101', now: noon };
  const other = { ...text, recipient: '+447700900102' };
  const allowances = new Allowances();
  const first = await store.transact((tx) => allowances.take(tx, text));
  await store.transact((tx) => allowances.take(tx, text));
  await store.transact((tx) => allowances.giveBack(tx, first));
  t.truthy(await store.transact((tx) => allowances.findHindrance(tx, other)));
});

test('limits that are taken away let everything go', async (t) => {
  const stage = await openWithLimits({ perDay: 1 });
  const ids = await submit(stage, 5);
  await stage.settle();
  t.is(await sent(stage, ids), 1);
  await stage.addGateway('web');
  await stage.settle();
  t.is(await sent(stage, ids), 5);
});

test('a text that lies in line too long expires there', async (t) => {
  const stage = await openWithLimits({ pauseSeconds: 3600 });
  const [first, second] = [await stage.submit(), await stage.submit({ expireMinutes: 10 })];
  await stage.settle();
  await stage.after(10);
  t.deepEqual([await stage.state(first), await stage.state(second)], ['sent', 'expired']);
});

test('minutes, days and months end where the next begins, in the time zone of the server', (t) => {
  const last = new Date(2026, 11, 31, 23, 59, 59, 999).getTime();
  t.is(minuteOf(last).endsAt, last + 1);
  t.deepEqual(dayOf(last), { name: 'day:2026-12-31', endsAt: last + 1 });
  t.deepEqual(monthOf(last), { name: '2026-12', endsAt: last + 1 });
  t.is(monthOf(last + 1).name, '2027-01');
  t.true(monthOf(new Date(2026, 8, 30).getTime()).name < monthOf(new Date(2026, 9, 1).getTime()).name);
});

test('what was counted is forgotten when its time is over', async (t) => {
  const stage = await openWithLimits({ perMinute: 9, perDay: 9, uniqueRecipientsPerMonth: 9, pauseSeconds: 1 });
  await stage.submit();
  await stage.settle();
  const { db, tables } = stage.store;
  const count = async () =>
    [await db.select().from(tables.gatewayUsage), await db.select().from(tables.gatewayRecipients)].map(
      (rows) => rows.length,
    );
  t.deepEqual(await count(), [3, 1]);
  await keepHouse(stage.store, noon + hour);
  t.deepEqual(await count(), [1, 1]);
  await keepHouse(stage.store, noon + 40 * 24 * hour);
  t.deepEqual(await count(), [0, 0]);
});
