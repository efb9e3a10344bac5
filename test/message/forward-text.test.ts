// What comes into an Inbox and goes on to a phone as a text.

import test, { type ExecutionContext } from 'ava';
import pino from 'pino';
import { deliverLetter } from '../../src/message/letter.js';
import { EffectDelivery } from '../../src/message/effect-delivery.js';
import { readForwardText } from '../../src/message/forward-text.js';
import { listEffects } from '../../src/store/effects.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { type GatewayRow, putGateway } from '../../src/store/gateways.js';
import { listMails } from '../../src/store/mails.js';
import { listMessages } from '../../src/store/messages.js';
import { listCounts, counterOfUser } from '../../src/store/sms-counters.js';
import { defaultSettings, type Settings } from '../../src/store/settings.js';
import type { Message, User } from '../../src/store/tables.js';
import { putDomain } from '../../src/store/domains.js';
import { updateUser, type UserChange } from '../../src/store/users.js';
import { openStage, start } from '../gateway/stage.js';
import { Arrivals, peer } from './arrivals.js';

const mobile = '+447700900555';

test('the address of a phone is read in each form, and refused where it asks for what has no meaning there', (t) => {
  const cases: [string, string | undefined][] = [
    ['sms:+447700900555', 'sms:+447700900555'],
    ['+44 7700 900-555', 'sms:+447700900555'],
    ['"sms:+447700900555"@example.com', 'sms:+447700900555'],
    ['SMSTO:+447700900555?MaxMsgs=3&id=modem 1', 'sms:+447700900555?maxmsgs=3&id=modem%201'],
    ['sms:+447700900555?reply=bob%40example.com', 'sms:+447700900555?reply=bob%40example.com'],
    ['ada@example.com', undefined],
    ['sms:Bank', undefined],
    ['sms:', undefined],
    ['sms:+447700900555?user=ada', undefined],
    ['sms:+447700900555?pass=secret', undefined],
    ['sms:+447700900555?authenticated=1', undefined],
    ['sms:+447700900555?binary=1', undefined],
    ['sms:+447700900555?maxmsgs=0', undefined],
    ['sms:+447700900555?maxmsgs=129', undefined],
    ['sms:+447700900555?maxmsgs=x', undefined],
  ];
  for (const [written, read] of cases) t.is(readForwardText(written), read, written);
});

interface Scene {
  arrivals: Arrivals;
  ada: User;
  goOn: () => Promise<Message[]>;
  subjects: () => Promise<(string | null)[]>;
}

async function open(
  t: ExecutionContext,
  {
    settings = {},
    gateway = {},
    ...change
  }: UserChange & { settings?: Partial<Settings>; gateway?: Partial<GatewayRow> } = {},
): Promise<Scene> {
  const stage = await openStage();
  t.teardown(() => stage.store.close());
  const arrivals = new Arrivals(stage);
  await stage.saveSettings({ ...settings, webhooks: { ...defaultSettings.webhooks, giveUpAfterMinutes: 60 } });
  await stage.store.transact((tx) => putDomain(tx, 'example.com'));
  const { id } = await stage.addUser('ada@example.com');
  const ada = await stage.store.transact((tx) => updateUser(tx, id, { forwardTo: [`sms:${mobile}`], ...change }));
  const bringing = { id: 'in', type: 'loopback', active: true, options: {} } as const;
  await stage.store.transact((tx) =>
    putGateway(tx, { ...bringing, deliverTo: ['ada@example.com'], now: start, ...gateway }),
  );
  const unused = undefined as never;
  const log = pino({ level: 'silent' });
  const services = { ...stage.services, log, caller: unused, statements: unused, hasRelay: true };
  const delivery = new EffectDelivery(services, { graceMilliseconds: 0 });
  return {
    ...{ arrivals, ada },
    /** Everything that has been made of it, oldest first. */
    goOn: async () => {
      await delivery.settle();
      return (await listMessages(stage.store, { limit: 100 })).reverse();
    },
    subjects: () => stage.subjects(ada),
  };
}

test('a text goes on as a text of the user, with the number it is from before it, at the expense of the user', async (t) => {
  const { arrivals, ada, goOn } = await open(t);
  const { stage } = arrivals;
  await arrivals.receive({ text: 'Hello' });
  const [message, ...others] = await goOn();
  t.deepEqual(others, []);
  t.like(message, { recipient: mobile, text: `${peer}: Hello`, parts: 1, userId: ada.id, origin: 'forward' });
  t.is(message!.properties?.hops, 1);
  const counts = await listCounts(stage.store, [counterOfUser(ada.id)], stage.now);
  t.is(counts.get(counterOfUser(ada.id))!.sentThisMonth, 1);
  await stage.settle();
  t.is(await stage.state(message!.id), 'sent');
  t.deepEqual(await stage.items(ada, FolderType.SentItems), [], 'nobody wrote it');
  t.deepEqual(await arrivals.texts(ada), ['Hello']);
  t.deepEqual(await listMails(stage.store), []);
});

test('it is cut to one part, or to as many as the address allows', async (t) => {
  const { arrivals, goOn } = await open(t, { forwardTo: [`sms:${mobile}`, 'sms:+447700900556?maxmsgs=2'] });
  await arrivals.receive({ text: 'x'.repeat(1000) });
  t.deepEqual(
    (await goOn()).map(({ recipient, parts }) => [recipient, parts]),
    [
      [mobile, 1],
      ['+447700900556', 2],
    ],
  );
});

test('a text that came from that number is not sent back there, in whatever form it is written', async (t) => {
  const settings = { defaultCountry: 'US' };
  const { arrivals, goOn, ada } = await open(t, { settings, forwardTo: ['sms:2025550123', `sms:${mobile}`] });
  await arrivals.receive({ sender: '+12025550123', text: 'one' });
  await arrivals.receive({ sender: mobile, text: 'two' });
  t.deepEqual(
    (await goOn()).map(({ recipient, text }) => [recipient, text]),
    [
      [mobile, '+12025550123: one'],
      ['2025550123', `${mobile}: two`],
    ],
  );
  t.is((await arrivals.texts(ada)).length, 2);
});

test('an answer from the phone lies with the user, and goes back to no phone', async (t) => {
  const { arrivals, ada, goOn } = await open(t);
  await arrivals.receive({ text: 'Hello' });
  await goOn();
  await arrivals.stage.settle();
  await arrivals.deliverTo();
  await arrivals.receive({ sender: mobile, text: 'my answer' });
  t.is((await goOn()).length, 1);
  t.deepEqual(await arrivals.texts(ada), ['Hello', 'my answer']);
});

test('a mail goes on with its sender, its subject and the words of its writer', async (t) => {
  const { arrivals, ada, goOn } = await open(t, { forwardTo: [`sms:${mobile}?maxmsgs=3`] });
  const { store, now } = arrivals.stage;
  const text = 'New words\n\n-- \nsignature';
  await store.transact((tx) => deliverLetter(tx, { to: ada, subject: 'Backup failed', text, now }));
  t.deepEqual(
    (await goOn()).map(({ text }) => text),
    ['postmaster@example.com: Backup failed\nNew words'],
  );
});

test('what has as many hops behind it as may be goes no further', async (t) => {
  const { arrivals, ada, goOn } = await open(t);
  await arrivals.receive({ text: 'Hello', hops: 8 });
  t.deepEqual(await goOn(), []);
  t.deepEqual(await arrivals.texts(ada), ['Hello']);
});

test('one number gets no more than the texts of an hour, and the user is told once for each', async (t) => {
  const settings = { rules: { ...defaultSettings.rules, textsPerHour: 2 } };
  const { arrivals, goOn, subjects } = await open(t, { settings });
  for (let n = 0; n < 4; n++) await arrivals.receive({ text: String(n) });
  t.is((await goOn()).length, 2);
  t.deepEqual((await subjects()).filter(Boolean), [`Nothing went on to ${mobile}`, `Nothing went on to ${mobile}`]);
  t.is((await goOn()).length, 2, 'and that goes nowhere');
});

const refused: [string, UserChange][] = [
  ['may not send', { smsAccess: 'denied' }],
  ['has no text left in the month', { smsSettings: { monthlyLimit: 1 } }],
];
for (const [why, change] of refused)
  test(`a user who ${why} is told in the mailbox alone`, async (t) => {
    const { arrivals, goOn, subjects } = await open(t, change);
    await arrivals.receive({ text: 'one' });
    await arrivals.receive({ text: 'two' });
    const messages = await goOn();
    t.true(messages.length <= 1);
    t.is(
      (await subjects()).filter((subject) => subject === `Nothing went on to ${mobile}`).length,
      2 - messages.length,
    );
    t.is((await goOn()).length, messages.length);
    const states = (await listEffects(arrivals.stage.store, { limit: 10 })).map(({ kind, state }) => [kind, state]);
    t.deepEqual(new Set(states.map(([kind]) => kind)), new Set(['forward']));
  });

test('without a gateway it waits, and is told as not gone on when it is given up', async (t) => {
  const { arrivals, goOn, subjects } = await open(t, { gateway: { active: false } });
  await arrivals.receive({ text: 'Hello' });
  t.deepEqual(await goOn(), []);
  t.deepEqual((await subjects()).filter(Boolean), []);
  arrivals.stage.now += 2 * 60 * 60_000;
  await goOn();
  t.deepEqual((await subjects()).filter(Boolean), [`Nothing went on to ${mobile}`]);
});

test('one that is not delivered is told in the mailbox, and the report does not go on', async (t) => {
  const { arrivals, goOn, subjects } = await open(t, {
    forwardTo: [`sms:${mobile}`, 'ada@mail.example'],
    gateway: { options: { answers: ['refused'] } },
  });
  const { stage } = arrivals;
  await arrivals.receive({ text: 'Hello' });
  const [message] = await goOn();
  await stage.settle();
  t.regex(await stage.state(message!.id), /failed|expired/);
  t.is((await subjects()).filter((subject) => subject?.startsWith(`Text to ${mobile} was not sent`)).length, 1);
  t.is((await goOn()).length, 1);
  t.is((await listMails(stage.store)).length, 1, 'the text alone went on by mail');
});
