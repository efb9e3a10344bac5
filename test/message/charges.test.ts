import { join } from 'node:path';
import test from 'ava';
import type { Terms } from '../../src/accounts/decide.js';
import { monthBefore, counterOfUser, countParts, getCounts, setCounts } from '../../src/store/sms-counters.js';
import type { User } from '../../src/store/tables.js';
import { minute, openStage, start } from '../gateway/stage.js';
import { afterCrash } from '../store/after-crash.js';
import { scratchFolder } from '../scratch-folder.js';

// Two parts each.
const long = 'x'.repeat(161);

function termsFor(user: User, limit: number): Terms {
  return { level: 'user-settings', charges: [{ counter: counterOfUser(user.id), limit }] };
}

async function openWith(options: Parameters<typeof openStage>[0] = {}) {
  const stage = await openStage(options);
  await stage.addGateway('loop');
  const user = await stage.addUser('ada@example.com');
  const counts = () => stage.store.read((session) => getCounts(session, counterOfUser(user.id), stage.now));
  return { stage, user, counts };
}

const full = { name: 'AccountError', code: 'MONTHLY_LIMIT_REACHED' };

test('refuses all numbers of a request whose parts are more than the month has left, and counts none', async (t) => {
  const { stage, user, counts } = await openWith();
  const terms = termsFor(user, 5);
  await stage.submit({ user, terms, text: long });
  await t.throwsAsync(stage.submit({ user, terms, text: long, numbers: ['+4471', '+4472'] }), full);
  t.like(await counts(), { sentThisMonth: 2 });
  await stage.submit({ user, terms, text: 'Hi', numbers: ['+4471', '+4472', '+4473'] });
  await t.throwsAsync(stage.submit({ user, terms, text: 'Hi' }), full);
  t.deepEqual(await counts(), { sentThisMonth: 5, sentPreviousMonth: 0, lastSent: start });
});

test('holds a limit to the exact part with 50 concurrent senders', async (t) => {
  const { stage, user, counts } = await openWith();
  const terms = termsFor(user, 501);
  const outcomes: string[] = [];
  const sender = async (): Promise<void> => {
    for (let n = 0; n < 10; n++)
      outcomes.push(
        await stage.submit({ user, terms, text: long }).then(
          () => 'accepted',
          ({ code }: { code: string }) => code,
        ),
      );
  };
  await Promise.all(Array.from({ length: 50 }, sender));
  t.is(outcomes.filter((outcome) => outcome === 'accepted').length, 250);
  t.is(outcomes.filter((outcome) => outcome === 'MONTHLY_LIMIT_REACHED').length, 250);
  t.like(await counts(), { sentThisMonth: 500 });
  await stage.submit({ user, terms, text: 'one part is left' });
  t.like(await counts(), { sentThisMonth: 501 });
});

test('counts a repeated request once', async (t) => {
  const { stage, user, counts } = await openWith();
  const terms = termsFor(user, 2);
  const again = { user, terms, text: long, idempotency: { key: 'k', isMsgid: false } };
  const first = await stage.submit(again);
  t.is(await stage.submit(again), first);
  t.like(await counts(), { sentThisMonth: 2 });
});

test('has counted exactly what is on disk after the process ended in between', async (t) => {
  const file = join(scratchFolder(), 'store.db');
  const { stage, user } = await openWith({ file });
  const terms = termsFor(user, 0);
  await Promise.all(Array.from({ length: 20 }, () => stage.submit({ user, terms, text: long })));
  // Nobody closes the first one, as nobody does after a kill.
  const { store } = await openStage({ file: afterCrash(file) });
  t.like(await store.read((session) => getCounts(session, counterOfUser(user.id), start)), { sentThisMonth: 40 });
  await store.close();
  await stage.store.close();
});

test('gives back what expired before any bearer saw it, to the account and to the user', async (t) => {
  const { stage, user, counts } = await openWith();
  await stage.addGateway('off', {}, { active: false });
  const terms: Terms = {
    level: 'sms-account',
    account: 'shared',
    charges: [{ counter: 'account:shared', limit: 2 }, ...termsFor(user, 0).charges],
  };
  const shared = () => stage.store.read((session) => getCounts(session, 'account:shared', stage.now));
  const id = await stage.submit({ user, terms, text: long, gateway: 'off', expireMinutes: 1 });
  t.like(await shared(), { sentThisMonth: 2 });
  await stage.after(2);
  t.is(await stage.state(id), 'expired');
  t.like(await shared(), { sentThisMonth: 0 });
  t.like(await counts(), { sentThisMonth: 0 });
  await stage.submit({ user, terms, text: long });
});

test('keeps what a bearer refused, and what an administrator has set since', async (t) => {
  const { stage, user, counts } = await openWith();
  await stage.addGateway('bad', { answers: ['refused'] });
  await stage.addGateway('off', {}, { active: false });
  const terms = termsFor(user, 0);
  const refused = await stage.submit({ user, terms, text: 'Hi', gateway: 'bad' });
  await stage.settle();
  t.is(await stage.state(refused), 'failed');
  t.like(await counts(), { sentThisMonth: 1 });
  await stage.submit({ user, terms, text: 'Hi', gateway: 'off', expireMinutes: 3 });
  stage.now += minute;
  const set = { sentThisMonth: 10, now: stage.now };
  await stage.store.transact((tx) => setCounts(tx, counterOfUser(user.id), set));
  await stage.after(5);
  t.like(await counts(), { sentThisMonth: 10 });
});

test('begins a month at 0 by itself, and knows one without activity', async (t) => {
  const { stage, user, counts } = await openWith();
  const at = (year: number, month: number, day = 10) => new Date(year, month - 1, day, 12).getTime();
  const count = (parts: number) =>
    stage.store.transact((tx) => countParts(tx, { subject: counterOfUser(user.id), parts, now: stage.now }));
  stage.now = at(2026, 11, 30);
  await count(3);
  stage.now = at(2026, 12, 1);
  t.like(await counts(), { sentThisMonth: 0, sentPreviousMonth: 3, lastSent: at(2026, 11, 30) });
  t.is(await count(2), 2);
  t.like(await counts(), { sentThisMonth: 2, sentPreviousMonth: 3 });
  stage.now = at(2027, 1);
  t.like(await counts(), { sentThisMonth: 0, sentPreviousMonth: 2 });
  stage.now = at(2027, 2);
  t.like(await counts(), { sentThisMonth: 0, sentPreviousMonth: 0 });
  t.is(await count(4), 4);
  t.like(await counts(), { sentThisMonth: 4, sentPreviousMonth: 0, lastSent: at(2027, 2) });
  t.is(monthBefore(at(2027, 1, 31)), '2026-12');
  t.is(monthBefore(at(2027, 3, 31)), '2027-02');
});
