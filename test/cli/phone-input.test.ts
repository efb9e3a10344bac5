import test from 'ava';
import { obey } from '../../src/cli/phone-input.js';
import { CliError } from '../../src/cli/errors.js';
import { PhoneError } from '../../src/phone/errors.js';
import type { PhoneErrorCode } from '../../src/phone/errors.js';

/** A phone that does what it is told, and keeps it; or refuses all. */
function actor(refusal?: PhoneErrorCode) {
  const done: unknown[] = [];
  const act = (name: string) => async (what: unknown) => {
    if (refusal) throw new PhoneError(refusal);
    done.push([name, what]);
  };
  const receive = async (what: unknown) => {
    await act('receive')(what);
    return { clientId: 'c', serverId: 's' };
  };
  const receivePush = (what: unknown) => void done.push(['push', what]);
  return { done, phone: { receive, receivePush, reply: act('reply'), sendMail: act('mail') } };
}

for (const line of [
  'reply',
  'reply 1:2',
  'mail',
  'mail bob@example.com',
  '+447700900123',
  'push +44 05 x',
  'push +44',
]) {
  test(`takes "${line}" for no order`, async (t) => {
    const { phone, done } = actor();
    await t.throwsAsync(obey(phone, line), { instanceOf: CliError, message: /^a line is "/ });
    t.deepEqual(done, []);
  });
}

test('says why nothing comes of a line, where the phone does not say it itself', async (t) => {
  await t.throwsAsync(obey(actor('NO_TEXTS').phone, '+44 x'), { instanceOf: CliError, message: /mail alone/ });
  await t.throwsAsync(obey(actor('UNKNOWN_ITEM').phone, 'reply 1:2 x'), { instanceOf: CliError, message: /ServerId/ });
  await t.notThrowsAsync(obey(actor('REFUSED').phone, 'mail a@b x'));
  await t.notThrowsAsync(obey(actor('STOPPED').phone, '+44 x'));
});

const orders: Record<string, unknown[]> = {
  '  ': [],
  ' +447700900123  Gladly, at  eight ': [['receive', { from: '+447700900123', text: 'Gladly, at  eight' }]],
  'replying is a sender': [['receive', { from: 'replying', text: 'is a sender' }]],
  'reply 1:m2 Gladly | yes': [['reply', { serverId: '1:m2', text: 'Gladly | yes' }]],
  'push +447700900123 06050400010002 0106': [
    ['push', { from: '+447700900123', udh: Buffer.from('050400010002', 'hex'), data: Buffer.from('0106', 'hex') }],
  ],
  'mail a@b.c,+447700900123 Hello': [['mail', { to: ['a@b.c', '+447700900123'], subject: 'Hello', text: 'Hello' }]],
  'mail a@b.c Dinner | At eight | or nine': [
    ['mail', { to: ['a@b.c'], subject: 'Dinner', text: 'At eight | or nine' }],
  ],
  [`mail a@b.c ${'word '.repeat(30)}`]: [
    ['mail', { to: ['a@b.c'], subject: `${'word '.repeat(12).trim()}…`, text: 'word '.repeat(30).trim() }],
  ],
};

for (const [line, expected] of Object.entries(orders)) {
  test(`obeys "${line.slice(0, 40)}"`, async (t) => {
    const { phone, done } = actor();
    await obey(phone, line);
    t.deepEqual(done, expected);
  });
}
