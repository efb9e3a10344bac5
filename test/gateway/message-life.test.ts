// Whatever phones, gateways, clocks and restarts do to it, a message keeps these promises.

import fc from 'fast-check';
import test from 'ava';
import { Dispatcher } from '../../src/gateway/dispatch.js';
import { takeDeliveryReport } from '../../src/message/delivery.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { confirmationWays } from '../../src/store/states.js';
import type { Device, Item, User } from '../../src/store/tables.js';
import { openStage, type Stage } from './stage.js';

interface World {
  stage: Stage;
  user: User;
  phones: Device[];
  dispatcher: Dispatcher;
  ids: string[];
  inHand: { phone: Device; item: Item }[];
  /** The last state seen of each message. */
  seen: Map<string, string>;
  /** Attempts of each message when it was first seen at an end. */
  attemptsAtEnd: Map<string, number>;
}

type Act = (world: World) => Promise<unknown>;

const phoneIndex = fc.nat({ max: 1 });
const answer = fc.constantFrom('sent', 'refused', 'try-later', 'unknown');

const acts: fc.Arbitrary<[string, Act]>[] = [
  fc.constant(['submit', async ({ stage, user, ids }) => ids.push(await stage.submit({ user, expireMinutes: 90 }))]),
  fc.constant([
    'submit pinned',
    async ({ stage, user, ids }) => ids.push(await stage.submit({ user, gateway: 'loop', expireMinutes: 40 })),
  ]),
  fc
    .integer({ min: 1, max: 70 })
    .map((minutes) => [`${minutes} minutes pass`, async ({ stage }) => (stage.now += minutes * 60_000)]),
  phoneIndex.map((n) => [`phone ${n} takes a round`, ({ stage, phones }) => stage.outboxRound(phones[n]!)]),
  phoneIndex.map((n) => [
    `phone ${n} fetches`,
    async ({ stage, phones, inHand }) => {
      const phone = phones[n]!;
      const held = new Set(inHand.map(({ item }) => item.id));
      for (const item of await stage.fetch(phone)) if (!held.has(item.id)) inHand.push({ phone, item });
    },
  ]),
  fc.constantFrom(...confirmationWays).map((way) => [
    `a phone confirms by ${way}`,
    async ({ stage, inHand }) => {
      const next = inHand.shift();
      if (next) await stage.confirm(next.phone, next.item, way);
    },
  ]),
  fc
    .tuple(phoneIndex, fc.boolean())
    .map(([n, on]) => [
      `phone ${n} outbound ${on ? 'on' : 'off'}`,
      ({ stage, phones }) => stage.changePhone(phones[n]!, { enableOutboundSms: on }),
    ]),
  fc
    .tuple(fc.boolean(), fc.array(answer, { minLength: 1, maxLength: 3 }))
    .map(([active, answers]) => [
      `gateway ${active ? answers.join(', ') : 'off'}`,
      ({ stage }) => stage.addGateway('loop', { answers }, { active }),
    ]),
  fc
    .tuple(fc.array(answer, { minLength: 1, maxLength: 3 }), fc.constantFrom({}, { perDay: 2 }, { perMinute: 1 }))
    .map(([answers, limits]) => [
      `spare gateway ${answers.join(', ')} within ${JSON.stringify(limits)}`,
      ({ stage }) => stage.addGateway('spare', { answers }, { limits }),
    ]),
  fc.tuple(fc.nat(), fc.constantFrom('delivered', 'failed')).map(([n, outcome]) => [
    `text ${n} is reported ${outcome}`,
    async ({ stage, ids }) => {
      const id = ids[n % Math.max(ids.length, 1)];
      const gateway = id && (await stage.message(id)).gateway;
      if (!id || !gateway) return;
      await stage.store.transact((tx) => takeDeliveryReport(tx, { gateway, reference: id, outcome, now: stage.now }));
    },
  ]),
  fc.constant([
    'restart',
    async (world) => {
      await world.dispatcher.stop();
      world.dispatcher = new Dispatcher(world.stage.services, { graceMilliseconds: 0 });
    },
  ]),
];

// What each end may still become, by a late word.
const after: Record<string, string[]> = {
  sent: ['delivered', 'failed'],
  delivered: [],
  failed: [],
  expired: [],
  unknown: ['sent', 'delivered', 'failed'],
};
const ends = Object.keys(after);

async function checkMessage(world: World, id: string): Promise<void> {
  const { stage, user, seen, attemptsAtEnd } = world;
  const message = await stage.message(id);
  const attempts = await stage.attempts(id);
  const open = attempts.filter(({ endedAt }) => endedAt === null);
  const underWay = ['offered', 'sending'].includes(message.state);
  ensure(open.length === (underWay ? 1 : 0), `${message.state} with ${open.length} attempts under way`);

  const before = seen.get(id);
  if (before && ends.includes(before))
    ensure(message.state === before || after[before]!.includes(message.state), `${before} became ${message.state}`);
  seen.set(id, message.state);
  if (ends.includes(message.state)) {
    const then = attemptsAtEnd.get(id) ?? attempts.length;
    attemptsAtEnd.set(id, then);
    ensure(attempts.length === then, 'tried again after its end');
  }

  const mayHaveSent = attempts.filter(({ outcome }) => outcome === 'sent' || outcome === 'unknown');
  ensure(mayHaveSent.length <= 1, 'may have been sent twice');
  const copies = (await stage.items(user, FolderType.SentItems)).filter(({ messageId }) => messageId === id);
  const wasSent = attempts.some(({ outcome }) => outcome === 'sent');
  ensure(copies.length === (wasSent ? 1 : 0), `${message.state} with ${copies.length} in Sent Items`);
  const copyDue = message.state === 'sent' || message.state === 'delivered';
  ensure(!copyDue || wasSent, `${message.state} without an attempt that sent it`);
  const inOutbox = (await stage.items(user, FolderType.Outbox)).filter(({ messageId }) => messageId === id);
  const withPhone = message.deviceId !== null && ['offered', 'sending', 'unknown'].includes(message.state);
  ensure(inOutbox.length === (withPhone ? 1 : 0), `${message.state} with ${inOutbox.length} in Outbox`);
}

function ensure(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

async function checkReports({ stage, user, ids }: World): Promise<void> {
  const outcomes = await Promise.all(ids.map((id) => stage.outcomes(id)));
  const states = await Promise.all(ids.map((id) => stage.state(id)));
  const subjects = await stage.subjects(user);
  const count = (words: string): number => subjects.filter((subject) => subject?.endsWith(words)).length;
  const mayHaveLeft = (n: number): boolean =>
    outcomes[n]!.some((outcome) => outcome === 'sent' || outcome === 'unknown');
  const failed = states.flatMap((state, n) => (state === 'failed' ? [mayHaveLeft(n)] : []));
  ensure(count('was not sent') === failed.filter((left) => !left).length, 'failed, not told once');
  ensure(count('was not delivered') === failed.filter((left) => left).length, 'undelivered, not told once');
  ensure(count('not sent in time') === states.filter((state) => state === 'expired').length, 'expired, not told once');
  const unknown = outcomes.filter((of) => of.includes('unknown')).length;
  ensure(count('may not have been sent') >= unknown, 'unknown and not told');
}

test('a message is never lost, never sent twice, and everybody is told once', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...acts), { minLength: 5, maxLength: 30 }), async (story) => {
      const stage = await openStage();
      const user = await stage.addUser('ada@example.com');
      const phones = [await stage.addPhone(user, 'PHONE1'), await stage.addPhone(user, 'PHONE2')];
      await stage.addGateway('loop', {}, { active: true });
      const fresh = { ids: [], inHand: [], seen: new Map(), attemptsAtEnd: new Map() };
      const world: World = { stage, user, phones, dispatcher: stage.dispatcher, ...fresh };
      try {
        for (const [, act] of story) {
          await act(world).catch((error: unknown) => {
            if ((error as { code?: string }).code !== 'NO_GATEWAY') throw error;
          });
          await world.dispatcher.settle();
          for (const id of world.ids) await checkMessage(world, id);
          await checkReports(world);
        }
      } catch (error) {
        throw new Error(`${(error as Error).message} after: ${story.map(([words]) => words).join('; ')}`, {
          cause: error,
        });
      } finally {
        await world.dispatcher.stop();
        await stage.store.close();
      }
    }),
    { numRuns: 60, seed: 20_231 },
  );
  t.pass();
});
