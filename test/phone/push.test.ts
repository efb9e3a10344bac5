// Push messages at the phone: from their parts, or from an item that holds them.

import test from 'ava';
import { notificationMessage } from '../../src/push/notify.js';
import { configurationMessage } from '../../src/push/configuration.js';
import { PushReceiver } from '../../src/phone/push.js';
import { splitBinary } from '../../src/sms/binary-parts.js';

const from = '+447700900123';
const alarm = { serverId: 's', sessionId: 1, uiMode: 'background', initiator: 'server', syncs: [] } as const;
const san = notificationMessage({ ...alarm, password: 'secret', nonce: 'n' });
const parameters = { url: 'http://sync.example.com/', databases: [{ uri: './Contacts', name: 'x'.repeat(100) }] };
const { message } = configurationMessage({
  format: 'oma',
  profile: 'w5',
  parameters,
  security: 'userpin',
  pin: '1234',
});

test('what is no push message is told as refused', (t) => {
  const udh = san.udh;
  const receiver = new PushReceiver({});
  t.like(receiver.take({ from, udh, data: Buffer.from('hello') }), {
    event: 'push-refused',
    code: 'BAD_PDU',
    port: 2948,
  });
  t.like(receiver.take({ from, udh, data: san.data.subarray(0, 9) }), { event: 'push-refused', code: 'TRUNCATED' });
});

test('a notification is read, and its digest checked', (t) => {
  const proofs = [{ password: 'secret', nonce: 'n' }, { password: 'other', nonce: 'n' }, {}].map((secrets) =>
    new PushReceiver(secrets).take({ from, ...san }),
  );
  t.like(proofs[0], { event: 'push', from, port: 2948, kind: 'notification', proof: 'right' });
  t.like(proofs[1], { proof: 'wrong' });
  t.like(proofs[2], { proof: 'unchecked' });
});

test('a configuration is joined from its parts in any order, each sender and reference for itself', (t) => {
  const parts = splitBinary({ ...message, reference: 7 });
  const others = splitBinary({ ...message, reference: 8 });
  t.true(parts.length > 1);
  const receiver = new PushReceiver({ pin: '1234' });
  t.is(receiver.take({ from, ...others[0]! }), undefined);
  t.is(receiver.take({ from: '+447700900124', ...parts[0]! }), undefined);
  const came = [...parts].reverse().map((part) => receiver.take({ from, ...part }));
  t.true(came.slice(0, -1).every((each) => each === undefined));
  t.like(came.at(-1), { event: 'push', kind: 'configuration', proof: 'right' });
});

test('beginnings of ever new messages do not fill the memory', (t) => {
  const receiver = new PushReceiver({});
  const parts = (reference: number) => splitBinary({ ...message, reference });
  for (let reference = 0; reference < 50; reference++)
    t.is(receiver.take({ from, ...parts(reference)[0]! }), undefined);
  const rest = (reference: number) =>
    parts(reference)
      .slice(1)
      .map((part) => receiver.take({ from, ...part }))
      .at(-1);
  t.is(rest(0), undefined);
  t.like(rest(49), { event: 'push', kind: 'configuration' });
});

test('an item that shows all octets of a push message is read, and any other one is not', (t) => {
  const receiver = new PushReceiver({ password: 'secret', nonce: 'n' });
  const digits = Buffer.from(san.data).toString('hex').toUpperCase();
  const shown = `[binary message of ${san.data.length} octets] ${digits}`;
  t.like(receiver.takeShown(from, shown), { event: 'push', kind: 'notification', proof: 'right' });
  for (const text of [`${shown}…`, shown.slice(0, -2), 'hello', digits])
    t.is(receiver.takeShown(from, text), undefined);
});
