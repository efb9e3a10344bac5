// Rules one after the other: which are tried, which verdict stands, and what is told of it.

import test from 'ava';
import { all, compile, evening, incoming, outgoing, rule, tryRules } from './samples.js';

const never = { type: 'match', field: 'to', op: 'equals', value: 'nobody' } as const;

test('a message that too many rules led to is tried by none', async (t) => {
  const rules = [rule(all, { type: 'delete' }, { type: 'copy', to: 'loop@example.org' })];
  const out = await tryRules(rules, outgoing({ hops: 8 }));
  t.true(out.isLooping);
  t.is(out.verdict.kind, 'reject');
  t.deepEqual(out.effects, []);
  const inward = await tryRules(rules, incoming({ hops: 9 }));
  t.true(inward.isLooping);
  t.is(inward.verdict.kind, 'accept');
  t.false((await tryRules(rules, outgoing({ hops: 7 }))).isLooping);
});

test('one message sets a hundred things going at most', async (t) => {
  const copies = Array.from({ length: 50 }, () => ({ type: 'copy', to: 'archive@example.org' }) as const);
  const { effects, trace } = await tryRules(
    [1, 2, 3].map(() => rule(all, ...copies)),
    outgoing(),
    { isTraced: true },
  );
  t.is(effects.length, 100);
  t.like(trace[2]!.deeds[0], { isDone: false, words: 'one message sets no more going' });
});

test('without any rule a message is accepted as it is', async (t) => {
  const { verdict, message, matched } = await tryRules([], outgoing({ gateway: 'mine', to: '+15551234567@mine' }));
  t.deepEqual(verdict, { kind: 'accept' });
  t.deepEqual(message, outgoing({ gateway: 'mine', to: '+15551234567@mine' }));
  t.deepEqual(matched, []);
});

test('a disabled rule does nothing', async (t) => {
  t.deepEqual((await tryRules([{ ...rule(all, { type: 'delete' }), enabled: false }], outgoing())).verdict, {
    kind: 'accept',
  });
});

test('a rule without conditions matches every message, one with several only where all hold', async (t) => {
  t.deepEqual((await tryRules([rule([])], outgoing())).matched, ['rule']);
  t.deepEqual((await tryRules([rule([all, never])], outgoing())).matched, []);
});

test('the first verdict stands', async (t) => {
  const rules = [rule(all, { type: 'accept' }), rule(all, { type: 'reject' }, { type: 'copy', to: 'a@example.org' })];
  const { verdict, effects } = await tryRules(rules, outgoing());
  t.deepEqual(verdict, { kind: 'accept' });
  t.is(effects.length, 1);
});

test('after a rejection no rule is tried, and the rule itself is finished', async (t) => {
  const rules = [
    rule(all, { type: 'reject', reason: 'No %%body%%\r\nX: y' }, { type: 'copy', to: 'a@example.org' }),
    rule(all, { type: 'copy', to: 'b@example.org' }),
  ];
  const { verdict, effects } = await tryRules(rules, outgoing({ body: 'a\nb' }));
  t.deepEqual(verdict, { kind: 'reject', reason: 'No a b\r\nX: y' });
  t.is(effects.length, 1);
});

test('stop lets its own rule finish and tries no other', async (t) => {
  const rules = [rule(all, { type: 'stop' }, { type: 'priority', value: 'high' }), rule(all, { type: 'delete' })];
  t.like(await tryRules(rules, outgoing()), { verdict: { kind: 'accept' }, priority: 2 });
});

test('later rules see what earlier ones made of the headers', async (t) => {
  const rules = [
    rule(all, { type: 'header', mode: 'edit', header: 'Subject', value: 'Urgent' }),
    rule({ type: 'match', field: 'subject', op: 'equals', value: 'urgent' }, { type: 'gateway', gateway: 'fast' }),
    rule({ type: 'match', field: 'to', op: 'contains', value: '@fast' }, { type: 'priority', value: 1 }),
  ];
  t.like(await tryRules(rules, outgoing()), { gateway: 'fast', priority: 1 });
});

test('an effect holds the message as it was at its action', async (t) => {
  const edit = (value: string) => ({ type: 'header', mode: 'edit', header: 'Subject', value }) as const;
  const rules = [rule(all, edit('one'), { type: 'copy', to: 'a@example.org' }, edit('two'))];
  const { effects, message } = await tryRules(rules, outgoing());
  t.is(effects[0]!.message.subject, 'one');
  t.is(message.subject, 'two');
});

test('rules compiled once give the same for the same message', async (t) => {
  const set = await compile([rule(all, { type: 'header', mode: 'edit', header: 'To', value: '%%to%%0' })]);
  const first = set.evaluate(outgoing(), { now: evening });
  t.deepEqual(set.evaluate(outgoing(), { now: evening }), first);
  t.is(first.destination.number, '+155512345670');
});

test('what rules did is told in words', async (t) => {
  const rules = [
    { ...rule(never, { type: 'delete' }), title: 'Nobody' },
    { ...rule(all, { type: 'delete' }), title: 'Tried out', enabled: false },
    {
      ...rule(
        { type: 'match', field: 'body', op: 'contains', value: 'eight' },
        { type: 'header', mode: 'edit', header: 'To', value: '%%to%%@fast&sender=%sender_phonealias%' },
        { type: 'header', mode: 'remove', header: 'X-Nothing' },
        { type: 'copy', to: 'archive@example.org' },
        { type: 'stop' },
      ),
      title: 'Archive',
    },
    rule(all, { type: 'delete' }),
  ];
  const { trace } = await tryRules(rules, outgoing(), { isTraced: true });
  t.deepEqual(
    trace.map(({ position, title, state, because }) => [position, title, state, because]),
    [
      [1, 'Nobody', 'not-matched', 'to is "nobody"'],
      [2, 'Tried out', 'disabled', undefined],
      [3, 'Archive', 'matched', undefined],
      [4, 'rule', 'not-reached', undefined],
    ],
  );
  t.deepEqual(
    trace[2]?.deeds.map(({ action, isDone, words }) => [action, isDone, words]),
    [
      ['header', true, 'To is now +15551234567@fast&sender=+15550001111'],
      ['header', false, 'there is no such header'],
      ['copy', true, 'to archive@example.org'],
      ['stop', true, 'no later rule is tried'],
    ],
  );
});
