// What a user has sent on to a list or a notification account of this server.

import test, { type ExecutionContext } from 'ava';
import type { Delivery, Envelope } from '../../src/mail/relay-connection.js';
import { Relay } from '../../src/mail/relay.js';
import type { MessageError } from '../../src/message/errors.js';
import { submitMail } from '../../src/message/mail.js';
import { prepareUndelivered } from '../../src/message/mail-report.js';
import { receive } from '../../src/message/receive.js';
import { hereFirst } from '../../src/smtp/local-delivery.js';
import { type Distribution, putDistribution } from '../../src/store/distributions.js';
import { getGateways, putGateway } from '../../src/store/gateways.js';
import { listMails } from '../../src/store/mails.js';
import { getUser, updateUser } from '../../src/store/users.js';
import { start } from '../http/set-up.js';
import { anna, bert, mailOf, number, openOffice } from './mail-program.js';

const peer = '+447700900199';
const list = 'notes@example.com';
const paid = `sms:${number}?user=alerts&pass=alertpwd`;

async function open(t: ExecutionContext, distribution: Partial<Distribution>, forwardTo = [list]) {
  const office = await openOffice(t);
  const { store, services } = office;
  const whole = { address: list, kind: 'list', template: null, targets: [paid], ...distribution } as const;
  await store.transact((tx) => putDistribution(tx, { ...whole, now: start }));
  const user = (await store.read((session) => getUser(session, anna)))!;
  await store.transact((tx) => updateUser(tx, user.id, { forwardTo }));
  const left: Envelope[] = [];
  const refusal: Delivery = { refused: [], postponed: [], mayHaveArrived: false };
  const outside = { deliver: async (mail: Envelope) => (left.push(mail), refusal), close: () => undefined };
  const relay = new Relay({ ...services, prepareReport: prepareUndelivered }, hereFirst(outside, services));
  const [gateway] = await store.read(getGateways);
  await store.transact((tx) => putGateway(tx, { ...gateway!, deliverTo: [anna], now: start }));
  return {
    ...{ ...office, left, relay, user, gateway: gateway! },
    receive: (text: string, sender = peer) => receive(services, { gateway: gateway!.id, sender, text }),
    mail: async (octets: string) => {
      const program = await office.call();
      await program.greet(bert, 'other');
      return (await program.give({ from: bert, to: [anna], octets })).at(-1)!;
    },
  };
}

test('a new mail is told by the notification account that it goes on to, at the expense of the account in its number', async (t) => {
  const template = '%%from%%: %%subject%% (%%size%%)';
  const { mail, relay, texts, inbox, left, store } = await open(t, { kind: 'notification', template });
  t.regex(await mail(mailOf({ From: bert, Subject: 'Lunch' })), /^250 /);
  await relay.settle();
  const [text, ...others] = await texts();
  t.deepEqual(others, []);
  t.like(text, { recipient: number, userId: null, origin: 'forward', properties: { account: 'alerts' } });
  t.regex(text!.text, /^bert@example\.com: Lunch \(\d+ B\)$/);
  t.is((await inbox(anna)).length, 1);
  t.deepEqual(left, []);
  t.deepEqual(
    (await listMails(store)).map(({ state }) => state),
    ['sent'],
  );
});

test('a text that goes on to a list reaches its members, the user not once more, and its sender not at all', async (t) => {
  const targets = [`sms:${number}`, `sms:${peer}`, anna, bert];
  const { receive: comesIn, relay, texts, inbox, user } = await open(t, { targets });
  await comesIn('Hello');
  await relay.settle();
  t.deepEqual(
    (await texts()).map(({ recipient, text, userId }) => [recipient, text, userId]),
    [[number, 'Hello', user.id]],
  );
  t.deepEqual([(await inbox(anna)).length, (await inbox(bert)).length], [1, 1]);
});

test('a crash after it was taken doubles nothing', async (t) => {
  const { receive: comesIn, texts, inbox, services, store } = await open(t, { targets: [paid, bert] });
  await comesIn('Hello');
  const [mail] = await listMails(store);
  const connection = hereFirst({ deliver: () => Promise.reject(new Error()), close: () => undefined }, services);
  for (let n = 0; n < 2; n++)
    t.deepEqual(await connection.deliver(mail!), { refused: [], postponed: [], mayHaveArrived: false });
  t.deepEqual([(await texts()).length, (await inbox(bert)).length], [1, 1]);
});

test('what no member can have is told in the mailbox alone', async (t) => {
  const {
    receive: comesIn,
    relay,
    texts,
    inbox,
  } = await open(t, { targets: [`sms:${number}?user=alerts&pass=wrong`] });
  await comesIn('Hello');
  await relay.settle();
  t.deepEqual(await texts(), []);
  const subjects = (await inbox(anna)).map(({ subject }) => subject);
  t.is(subjects.filter((subject) => subject?.startsWith('Mail was not delivered')).length, 1);
});

test('a mail that a phone writes to a list, or to a number by a helper address, is one of its user', async (t) => {
  const targets = [`sms:${number}`, anna, bert];
  const { services, store, relay, texts, inbox, user, left } = await open(t, { targets }, []);
  const helper = { address: 'text@example.com', kind: 'list', template: null } as const;
  await store.transact((tx) => putDistribution(tx, { ...helper, targets: ['sms:%%extensionnosep%%'], now: start }));
  const to = `${list}, "text:${peer}"@example.com, carl@elsewhere.test`;
  const octets = Buffer.from(mailOf({ From: anna, To: to, Subject: 'Lunch' }));
  await submitMail(services, { user, octets, saveInSent: true });
  await relay.settle();
  t.deepEqual(
    (await texts()).map(({ recipient, userId, origin }) => [recipient, userId, origin]),
    [
      [number, user.id, 'smtp'],
      [peer, user.id, 'smtp'],
    ],
  );
  t.deepEqual([(await inbox(anna)).length, (await inbox(bert)).length], [1, 1]);
  t.deepEqual(
    left.map(({ recipients }) => recipients),
    [['carl@elsewhere.test']],
  );
  const alone = Buffer.from(mailOf({ From: anna, To: list, 'Message-ID': '<2@x.test>' }));
  await submitMail({ ...services, hasRelay: false }, { user, octets: alone, saveInSent: false });
  const elsewhere = submitMail({ ...services, hasRelay: false }, { user, octets, saveInSent: false });
  t.is((await t.throwsAsync<MessageError>(elsewhere))?.code, 'NO_RELAY');
});

test('it waits where no gateway is there, and other addresses are told apart', async (t) => {
  const { receive: comesIn, relay, texts, left, store, gateway } = await open(t, {}, [list, 'anna@mail.example']);
  await comesIn('Hello');
  await store.transact((tx) => putGateway(tx, { ...gateway, active: false, now: start }));
  await relay.settle();
  t.deepEqual(await texts(), []);
  t.deepEqual(
    left.map(({ recipients }) => recipients),
    [['anna@mail.example']],
  );
  const waiting = (await listMails(store)).filter(({ state }) => state === 'queued');
  t.deepEqual(
    waiting.map(({ recipients }) => recipients),
    [[list]],
  );
});
