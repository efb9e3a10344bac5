import test, { type ExecutionContext } from 'ava';
import { Allowances } from '../../src/gateway/allowance.js';
import { Landings } from '../../src/gateway/landings.js';
import type { Accepted, Bearer, BearerReferenceGiven } from '../../src/gateway/bearer.js';
import { carry } from '../../src/gateway/carry.js';
import { SubmitError } from '../../src/gateway/errors.js';
import { type DeliveryReport, takeDeliveryReport } from '../../src/message/delivery.js';
import { limits } from '../../src/message/limits.js';
import { anyGateway } from '../../src/store/lanes.js';
import { claimMessages, getDueOf } from '../../src/store/queue.js';
import { earlyReportsKeptMilliseconds, keepHouse, referencesKeptMilliseconds } from '../../src/store/housekeeping.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { User } from '../../src/store/tables.js';
import { minute, openStage, type Stage } from '../gateway/stage.js';

const by = 'a dispatcher';

interface Scene {
  stage: Stage;
  user: User;
  id: string;
  /** A bearer takes the oldest text that waits, and this happens meanwhile. */
  take: (references: BearerReferenceGiven[] | 'unknown', meanwhile?: () => Promise<unknown>) => Promise<void>;
  report: (report: Partial<DeliveryReport>) => Promise<boolean>;
}

async function openScene(): Promise<Scene> {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addGateway('web');
  const id = await stage.submit({ user, text: 'See you at nine' });
  const report = (more: Partial<DeliveryReport>): Promise<boolean> => {
    const whole = { gateway: 'web', reference: 'r1', outcome: 'delivered', now: stage.now, ...more } as const;
    return stage.store.transact((tx) => takeDeliveryReport(tx, whole));
  };
  return { stage, user, id, report, take: (references, meanwhile) => take({ stage, references, meanwhile }) };
}

interface Taking {
  stage: Stage;
  references: BearerReferenceGiven[] | 'unknown';
  meanwhile: (() => Promise<unknown>) | undefined;
}

async function take({ stage, references, meanwhile }: Taking): Promise<void> {
  const { now } = stage;
  const claim = { by, until: now + minute, now };
  const [message] = await stage.store.transact(function* (tx) {
    const due = yield* getDueOf(tx, anyGateway, { now, limit: 1 });
    const ids = due.map(({ id }) => id);
    yield* claimMessages(tx, ids, claim);
    return due;
  });
  const submit: Bearer['submit'] = async ({ beginSending }): Promise<Accepted> => {
    if (!(await beginSending())) return { outcome: 'left' };
    await meanwhile?.();
    if (references === 'unknown') throw new SubmitError('LOOPBACK_UNKNOWN', 'web');
    return { outcome: 'sent', references };
  };
  const bearer = { id: 'web', concurrency: 1, submit, close: async () => undefined };
  await carry({
    services: stage.services,
    ...{ bearer, by, message: message!, signal: new AbortController().signal },
    allowances: new Allowances(),
    landings: new Landings(stage.services),
    *findOthers() {
      return { isUntried: false, isAnyLeft: false };
    },
  });
}

async function sentItems({ stage, user }: Scene): Promise<number> {
  return (await stage.items(user, FolderType.SentItems)).length;
}

async function isTold(t: ExecutionContext, { stage, user }: Scene, subjects: string[]): Promise<void> {
  t.deepEqual(await stage.subjects(user), subjects);
}

const notDelivered = 'Text to +447700900123 was not delivered';

test('a text that did not arrive fails, and its sender is told once with reason and text', async (t) => {
  const scene = await openScene();
  const { stage, user, id, take, report } = scene;
  await take([{ reference: 'r1' }]);
  t.true(await report({ outcome: 'failed', reason: 'the number is not in use' }));
  t.true(await report({ outcome: 'failed', reason: 'the number is not in use' }));
  t.true(await report({ outcome: 'delivered' }), 'the first word counts');
  t.like(await stage.message(id), { state: 'failed', error: 'the number is not in use', gateway: 'web' });
  await isTold(t, scene, [notDelivered]);
  const [letter] = await stage.items(user, FolderType.Inbox);
  t.true(letter!.text.includes('the number is not in use') && letter!.text.includes('See you at nine'));
  t.is(await sentItems(scene), 1, 'it was sent');
  t.deepEqual(await stage.outcomes(id), ['sent']);
});

test('a text that arrived is delivered, whatever is reported later', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  await take([{ reference: 'r1' }]);
  t.is(await stage.state(id), 'sent');
  t.true(await report({}));
  t.true(await report({}));
  t.true(await report({ outcome: 'failed' }));
  t.is(await stage.state(id), 'delivered');
  await isTold(t, scene, []);
  t.is(await sentItems(scene), 1);
});

test('a text of several parts is delivered when the last of them is', async (t) => {
  const { stage, id, take, report } = await openScene();
  await take(['r1', 'r2', 'r3'].map((reference, part) => ({ reference, part })));
  for (const reference of ['r3', 'r1', 'r3', 'r1']) await report({ reference });
  t.is(await stage.state(id), 'sent');
  await report({ reference: 'r2' });
  t.is(await stage.state(id), 'delivered');
});

test('a text of several parts fails with the first that did not arrive, and its sender is told once', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  await take(['r1', 'r2', 'r3'].map((reference, part) => ({ reference, part })));
  await report({ reference: 'r1' });
  await report({ reference: 'r3', outcome: 'failed' });
  await report({ reference: 'r2', outcome: 'failed' });
  t.like(await stage.message(id), { state: 'failed', error: 'it did not arrive' });
  await isTold(t, scene, [notDelivered]);
});

test('reports that come before the gateway has said that it took the text count as soon as it has', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  const early: boolean[] = [];
  await take([{ reference: 'r1' }, { reference: 'r2' }], async () => {
    for (const reference of ['r1', 'r2', 'r1']) early.push(await report({ reference }));
    t.is(await stage.state(id), 'sending');
  });
  t.deepEqual(early, [false, false, false]);
  t.is(await stage.state(id), 'delivered');
  t.is(await sentItems(scene), 1);
});

test('an early report of one part leaves the text waiting for the others', async (t) => {
  const { stage, id, take, report } = await openScene();
  await take([{ reference: 'r1' }, { reference: 'r2' }], () => report({ reference: 'r1' }));
  t.is(await stage.state(id), 'sent');
  await report({ reference: 'r2' });
  t.is(await stage.state(id), 'delivered');
});

test('an early report of a failure is told like a late one', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  await take([{ reference: 'r1' }], () => report({ outcome: 'failed', reason: 'barred' }));
  t.like(await stage.message(id), { state: 'failed', error: 'barred' });
  await isTold(t, scene, [notDelivered]);
});

test('a report from before a text was begun is not on that text: numbers come round again', async (t) => {
  const { stage, id, take, report } = await openScene();
  await report({ outcome: 'failed', now: stage.now - 1 });
  await take([{ reference: 'r1' }]);
  t.is(await stage.state(id), 'sent');
});

test('of two texts that a gateway called the same, the later one is meant', async (t) => {
  const { stage, id, take, report } = await openScene();
  await take([{ reference: 'r1' }]);
  const later = await stage.submit();
  await take([{ reference: 'r1' }]);
  await report({ gateway: 'other' });
  t.deepEqual([await stage.state(id), await stage.state(later)], ['sent', 'sent'], 'another gateway');
  await report({});
  t.deepEqual([await stage.state(id), await stage.state(later)], ['sent', 'delivered']);
});

test('a report proves that a text of unknown outcome was sent', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  await take('unknown');
  t.is(await stage.state(id), 'unknown');
  t.false(await report({}), 'nobody knows this reference');
  t.true(await report({ reference: id }), 'the gateway was told our own id');
  t.is(await stage.state(id), 'delivered');
  t.deepEqual(await stage.outcomes(id), ['sent']);
  t.is(await sentItems(scene), 1);
});

test('a text of unknown outcome that did not arrive fails, and its sender knows it for certain', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  await take('unknown');
  t.false(await report({ reference: id, gateway: 'other' }));
  t.true(await report({ reference: id, outcome: 'failed' }));
  t.is(await stage.state(id), 'failed');
  await isTold(t, scene, ['Text to +447700900123 may not have been sent', notDelivered]);
  t.is(await sentItems(scene), 0);
});

test('a report by our own id while the text is still being handed over counts, and the answer after it changes nothing', async (t) => {
  const scene = await openScene();
  const { stage, id, take, report } = scene;
  await take([{ reference: 'r1' }], () => report({ reference: id }));
  t.is(await stage.state(id), 'delivered');
  t.is(await sentItems(scene), 1);
});

test('a report on a text that still waits changes nothing', async (t) => {
  const { stage, id, report } = await openScene();
  await report({ reference: id });
  t.is(await stage.state(id), 'queued');
});

test('references and reasons of any length are no storage', async (t) => {
  const { stage, id, take, report } = await openScene();
  const long = 'r'.repeat(limits.referenceCharacters + 1);
  await take([{ reference: long }, { reference: 'r1' }]);
  t.false(await report({ reference: long }));
  await report({ outcome: 'failed', reason: 'x'.repeat(10_000) });
  t.is((await stage.message(id)).error?.length, limits.reasonCharacters);
});

test('references and early reports are forgotten after their time, and not before', async (t) => {
  const { stage, id, take, report } = await openScene();
  await report({ reference: 'r2' });
  const count = async () => {
    const { bearerReferences, earlyReports } = stage.store.tables;
    const { db } = stage.store;
    return [(await db.select().from(bearerReferences)).length, (await db.select().from(earlyReports)).length];
  };
  await take([{ reference: 'r1' }]);
  await keepHouse(stage.store, stage.now + earlyReportsKeptMilliseconds);
  t.deepEqual(await count(), [1, 1]);
  await keepHouse(stage.store, stage.now + earlyReportsKeptMilliseconds + 1);
  t.deepEqual(await count(), [1, 0]);
  await keepHouse(stage.store, stage.now + referencesKeptMilliseconds + 1);
  t.deepEqual(await count(), [0, 0]);
  t.is(await stage.state(id), 'sent');
});
