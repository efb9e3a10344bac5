// The recipes of the document that describes this rule engine, each as an administrator would enter it.

import test from 'ava';
import { all, incoming, outgoing, rule, tryRules } from './samples.js';

const notRouted = { type: 'match', field: 'to', op: 'regex', value: '^(?!.*@)(.*)$' } as const;

test('a destination comes as the number, with the gateway of the user settings behind @', async (t) => {
  const matched = rule({ type: 'match', field: 'body', op: 'contains', value: 'eight' });
  const own = await tryRules([matched], outgoing({ to: '+15551234567@users', gateway: 'users' }));
  t.is(own.destination.number, '+15551234567');
  t.is(own.gateway, 'users');
  t.is((await tryRules([matched], outgoing())).gateway, undefined);
});

test('where no rule matched, what stands behind @ is ignored', async (t) => {
  const never = rule({ type: 'match', field: 'body', op: 'contains', value: 'nothing of this' });
  const outcome = await tryRules([never], outgoing({ to: '+15551234567@elsewhere', gateway: undefined }));
  t.deepEqual(outcome.matched, []);
  t.is(outcome.gateway, undefined);
});

test('a rule that matched hands on the gateway behind @ although it did not touch To', async (t) => {
  const outcome = await tryRules([rule(all)], outgoing({ to: '+15551234567@elsewhere', gateway: undefined }));
  t.is(outcome.gateway, 'elsewhere');
});

test('load balancing: what has no gateway yet is given one', async (t) => {
  const rules = [rule(notRouted, { type: 'header', mode: 'edit', header: 'To', value: '%%To%%@gatewayid' })];
  t.is((await tryRules(rules, outgoing())).gateway, 'gatewayid');
  const routed = await tryRules(rules, outgoing({ to: '+15551234567@mine', gateway: 'mine' }));
  t.is(routed.gateway, 'mine');
  t.deepEqual(routed.matched, []);
});

test('already routed: the presence of @ stops all other rules', async (t) => {
  const rules = [
    rule({ type: 'match', field: 'to', op: 'contains', value: '@' }, { type: 'stop' }),
    rule(all, { type: 'gateway', gateway: 'other' }),
  ];
  t.is((await tryRules(rules, outgoing({ to: '+15551234567@mine', gateway: 'mine' }))).gateway, 'mine');
  t.is((await tryRules(rules, outgoing())).gateway, 'other');
});

for (const pattern of ['^(?!.*@)(.*)$', '(.?[\\d]*)(?!@)', '(.*?[\\d]*)(?!@)']) {
  test(`already routed: ${pattern} finds numbers without @`, async (t) => {
    const rules = [rule({ type: 'match', field: 'to', op: 'regex', value: pattern })];
    t.deepEqual((await tryRules(rules, outgoing())).matched, ['rule']);
    t.deepEqual((await tryRules(rules, outgoing({ to: '+15551234567@mine' }))).matched, []);
  });
}

for (const value of ['$1@gatewayid', '$$1@gatewayid']) {
  test(`a rewrite with Regex: True makes ${value} of a number`, async (t) => {
    const rules = [rule(all, { type: 'header', mode: 'edit', header: 'To:', pattern: '^(?!.*@)(.*)$', value })];
    const { destination, gateway, message } = await tryRules(rules, outgoing());
    t.is(message.to, '+15551234567@gatewayid');
    t.is(destination.number, '+15551234567');
    t.is(gateway, 'gatewayid');
  });
}

test('a rewrite whose pattern is not there is skipped', async (t) => {
  const value = '$1@gatewayid';
  const rules = [rule(all, { type: 'header', mode: 'edit', header: 'To', pattern: '^(?!.*@)(.*)$', value })];
  const { message, trace } = await tryRules(rules, outgoing({ to: '+15551234567@mine' }), { isTraced: true });
  t.is(message.to, '+15551234567@mine');
  t.like(trace[0]!.deeds[0], { isDone: false, words: 'the pattern is not found' });
});

test('least cost routing: the prefix decides on the gateway', async (t) => {
  const rules = [
    rule(all, { type: 'header', mode: 'edit', header: 'To', pattern: '^(\\+1)(.*)', value: '$1$2@usgatewayid' }),
    rule(all, { type: 'header', mode: 'edit', header: 'To', pattern: '^(\\+44)(.*)', value: '$$1$$2@ukgatewayid' }),
  ];
  t.is((await tryRules(rules, outgoing())).gateway, 'usgatewayid');
  t.is((await tryRules(rules, outgoing({ to: '+447700900123' }))).gateway, 'ukgatewayid');
  t.is((await tryRules(rules, outgoing({ to: '+4915112345678' }))).gateway, undefined);
});

test('archiving: every text is forwarded to a mailbox, with sender and recipient in its headers', async (t) => {
  const rules = [
    rule(
      all,
      { type: 'header', mode: 'edit', header: 'Subject', value: 'SMS from %%from%% to %%to%%' },
      { type: 'header', mode: 'add', header: 'X-Recipient', value: '%%To%%' },
      { type: 'forward', to: 'archive@example.org' },
    ),
  ];
  const { verdict, effects } = await tryRules(rules, outgoing());
  t.deepEqual(verdict, { kind: 'accept' });
  t.like(effects[0], { type: 'forward', to: ['archive@example.org'], hops: 1 });
  t.is(effects[0]!.message.subject, 'SMS from alice@example.org to +15551234567');
  t.deepEqual(effects[0]!.message.headers, [{ name: 'X-Recipient', value: '+15551234567' }]);
});

test('filtering by content: what is found goes by mail, even back to the gateway', async (t) => {
  const rules = [
    rule(
      { type: 'match', field: 'body', op: 'contains', value: 'EIGHT' },
      { type: 'forward', to: 'boss@example.org, sms:%%to%%?maxmsgs=2' },
      { type: 'delete' },
    ),
  ];
  const { verdict, effects } = await tryRules(rules, outgoing());
  t.deepEqual(verdict, { kind: 'delete' });
  t.like(effects[0], { to: ['boss@example.org', 'sms:+15551234567?maxmsgs=2'] });
});

test('validating the sender: numbers of a pattern are forwarded to a person', async (t) => {
  const value = '(\\+15551234567)|(\\+15551238866)';
  const rules = [
    rule({ type: 'match', field: 'from', op: 'regex', value }, { type: 'forward', to: 'john.doe@example.org' }),
  ];
  const known = await tryRules(rules, incoming({ from: '+15551238866' }));
  t.like(known.effects[0], { type: 'forward', to: ['john.doe@example.org'] });
  t.true(known.isPlaced);
  const unknown = await tryRules(rules, incoming());
  t.deepEqual(unknown.effects, []);
  t.false(unknown.isPlaced);
});

test('validating the sender: numbers of a file are forwarded, others rejected', async (t) => {
  const rules = [
    rule({ type: 'match', field: 'from', op: 'list', file: 'senders.txt' }, { type: 'accept' }),
    rule(all, { type: 'reject', reason: 'unknown sender' }),
  ];
  const readListFile = (): Promise<string> => Promise.resolve('+1 555 765-4321\r\n+15551238866\r\n');
  t.deepEqual((await tryRules(rules, incoming(), { readListFile })).verdict, { kind: 'accept' });
  const stranger = await tryRules(rules, incoming({ from: '+15550000000' }), { readListFile });
  t.deepEqual(stranger.verdict, { kind: 'reject', reason: 'unknown sender' });
});

for (const [pattern, to] of [
  ['(.*)@(.*)$', '+15551234567@52'],
  ['^(?!.*@)(.*)$', '+15551234567'],
] as const) {
  test(`rewriting the caller id: ${pattern} adds &sender= with the user's phone number`, async (t) => {
    const value = pattern.startsWith('^') ? '$1@52&sender=%sender_phonealias%' : '$1@$2&sender=%sender_phonealias%';
    const rules = [rule(all, { type: 'header', mode: 'edit', header: 'To', pattern, value })];
    const { destination, gateway } = await tryRules(rules, outgoing({ to }));
    t.deepEqual(destination, {
      number: '+15551234567',
      gateway: '52',
      parameters: [['sender', '+15550001111']],
    });
    t.is(gateway, '52');
  });
}

test('rewriting the caller id: a user without a phone number keeps that of the gateway', async (t) => {
  const value = '%%to%%@52&sender=%sender_phonealias%';
  const sender = { ...outgoing().sender!, phoneNumber: undefined };
  const { destination } = await tryRules(
    [rule(all, { type: 'header', mode: 'edit', header: 'To', value })],
    outgoing({ sender }),
  );
  t.deepEqual(destination.parameters, []);
});

test('delivery script: answers are accepted, forwarded and handed to another server', async (t) => {
  const rules = [
    rule(
      all,
      { type: 'accept' },
      { type: 'forward', to: 'demo@example.org' },
      {
        type: 'execute',
        kind: 'url',
        target: 'http://server-a.example/sms/deliver.html?id=58&number=%%from_alias%%&data=%%body%%&pass=1234567',
      },
    ),
  ];
  const { verdict, effects } = await tryRules(rules, incoming({ body: 'Yes & no, 100% = fine?' }));
  t.deepEqual(verdict, { kind: 'accept' });
  t.deepEqual(
    effects.map(({ type }) => type),
    ['forward', 'url'],
  );
  t.like(effects[1], {
    url: 'http://server-a.example/sms/deliver.html?id=58&number=%2B15557654321&data=Yes%20%26%20no%2C%20100%25%20%3D%20fine%3F&pass=1234567',
  });
});

test('delivery script: single per cent signs name the same variables', async (t) => {
  const target =
    'https://yourserver.example/sms/deliver.html?id=HTTP&pass=pinnumber&number=%from%&data=%data%&binary=%binary%';
  const { effects } = await tryRules([rule(all, { type: 'execute', kind: 'url', target })], incoming());
  t.like(effects[0], {
    url: 'https://yourserver.example/sms/deliver.html?id=HTTP&pass=pinnumber&number=%2B15557654321&data=On%20my%20way&binary=0',
  });
});

test('a folder for texts: From contains sms:, moved to a folder of the user', async (t) => {
  const rules = [
    rule(
      { type: 'match', field: 'from', op: 'contains', value: 'sms:' },
      { type: 'move', folder: 'bob@example.org/SMS' },
    ),
  ];
  const { effects, isPlaced } = await tryRules(rules, incoming());
  t.like(effects[0], { type: 'move', folder: 'SMS', address: 'bob@example.org' });
  t.true(isPlaced);
});

test('Reply-To: a rule for all messages writes the To header', async (t) => {
  const rules = [rule(all, { type: 'header', mode: 'edit', header: 'To:', value: 'bob@example.org' })];
  t.is((await tryRules(rules, incoming())).message.to, 'bob@example.org');
});

test('database statement: what a text holds is bound, never part of the statement', async (t) => {
  const statement = "INSERT INTO crm (number, body) VALUES ('%%from%%', '%%body%%')";
  const { effects } = await tryRules(
    [rule(all, { type: 'sql', connection: 'crm', statement })],
    incoming({ body: "'); DROP TABLE crm; --" }),
  );
  t.like(effects[0], {
    connection: 'crm',
    pieces: ['INSERT INTO crm (number, body) VALUES (', ', ', ')'],
    parameters: ['+15557654321', "'); DROP TABLE crm; --"],
  });
});
