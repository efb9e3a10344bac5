// What rules make of texts that are submitted, by whatever origin.

import test from 'ava';
import type { Action, Condition, Rule } from '../../src/rules/rule.js';
import { MessageError } from '../../src/message/errors.js';
import { saveRules } from '../../src/message/rule-list.js';
import { submit } from '../../src/message/submit.js';
import { listEffects } from '../../src/store/effects.js';
import { listMessages } from '../../src/store/messages.js';
import { counterOfUser, getCounts } from '../../src/store/sms-counters.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { Message } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { number, openStage, start, type Stage } from '../gateway/stage.js';

const always: Condition[] = [{ type: 'all' }];

function rule(title: string, actions: Action[], conditions: Condition[] = always): Rule {
  return { title, enabled: true, conditions, actions };
}

async function openWith(...rules: Rule[]): Promise<Stage> {
  const stage = await openStage();
  await stage.addGateway('loop');
  await saveRules(stage.services, 'outgoing', rules);
  return stage;
}

async function only(stage: Stage): Promise<Message> {
  const messages = await listMessages(stage.store, { limit: 10 });
  return messages[0]!;
}

async function refusal(stage: Stage, more: Parameters<Stage['submit']>[0] = {}): Promise<MessageError> {
  try {
    await stage.submit(more);
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('a rejected text is refused with the reason of the rule, nothing is queued, and what rules do besides is kept', async (t) => {
  const stage = await openWith(
    rule('archive', [{ type: 'copy', to: 'archive@example.com' }]),
    rule(
      'no secrets',
      [{ type: 'reject', reason: 'not over the air' }],
      [{ type: 'match', field: 'body', op: 'contains', value: 'secret' }],
    ),
  );
  const { code, detail } = await refusal(stage, { text: 'the secret' });
  t.deepEqual([code, detail], ['REJECTED_BY_RULE', 'not over the air']);
  t.deepEqual(await listMessages(stage.store, { limit: 10 }), []);
  t.deepEqual(
    (await listEffects(stage.store, { limit: 10 })).map(({ kind, rule }) => [kind, rule]),
    [['mail', 'archive']],
  );
});

test('one rejected number of several refuses all of them', async (t) => {
  const stage = await openWith(
    rule(
      'no premium',
      [{ type: 'reject', reason: '' }],
      [{ type: 'match', field: 'to', op: 'begins', value: '+4490' }],
    ),
  );
  const { code } = await refusal(stage, { numbers: [number, '+4490112233'] });
  t.is(code, 'REJECTED_BY_RULE');
  t.deepEqual(await listMessages(stage.store, { limit: 10 }), []);
});

test('a phone is told of a rejection by a letter, because its answer is a number alone', async (t) => {
  const stage = await openWith(rule('never', [{ type: 'reject', reason: 'not today' }]));
  const user = await stage.addUser('ada@example.com');
  await refusal(stage, { user, origin: 'eas' });
  const [letter] = await stage.items(user, FolderType.Inbox);
  t.regex(letter?.text ?? '', /not today/);
});

test('a gateway that a rule names and that is not there refuses the text, naming it', async (t) => {
  const stage = await openWith(rule('to nowhere', [{ type: 'gateway', gateway: 'nowhere' }]));
  const { code, detail } = await refusal(stage);
  t.deepEqual([code, detail], ['UNKNOWN_GATEWAY', 'nowhere']);
});

test('what stands behind the @ counts where a rule matches, and is ignored where none does', async (t) => {
  const stage = await openWith(
    rule('urgent', [{ type: 'accept' }], [{ type: 'match', field: 'body', op: 'contains', value: 'urgent' }]),
  );
  const { code, detail } = await refusal(stage, { numbers: [`${number}@nowhere`], text: 'urgent' });
  t.deepEqual([code, detail], ['UNKNOWN_GATEWAY', 'nowhere']);
  await stage.submit({ numbers: [`${number}@nowhere`] });
  const { recipient, pinnedGateway } = await only(stage);
  t.deepEqual([recipient, pinnedGateway], [number, null]);
});

test('a number that a rule has made into none is refused', async (t) => {
  const stage = await openWith(rule('broken', [{ type: 'header', mode: 'edit', header: 'To', value: 'nobody' }]));
  t.is((await refusal(stage)).code, 'BAD_NUMBER');
});

test('a list file that is gone keeps texts out until it is back', async (t) => {
  const stage = await openWith(rule('any', [{ type: 'accept' }]));
  const { rules } = stage.store.tables;
  const conditions = [{ type: 'match', field: 'to', op: 'list', file: '/nowhere/list.txt' }];
  await stage.store.transact(function* (tx) {
    yield* run(tx.db.update(rules).set({ conditions }));
    tx.announce({ topic: 'rules' });
  });
  t.is((await refusal(stage)).code, 'RULES_UNAVAILABLE');
});

test('a text that a rule deletes is accepted, sent to nobody and counted for nobody', async (t) => {
  const stage = await openWith(rule('spam', [{ type: 'delete' }]));
  const user = await stage.addUser('ada@example.com');
  const terms = { level: 'defaults', charges: [{ counter: counterOfUser(user.id), limit: 1 }] } as const;
  const id = await stage.submit({ user, terms });
  await stage.settle();
  const { state, error } = await stage.message(id);
  t.deepEqual([state, error], ['failed', 'the rule "spam" deleted it']);
  t.deepEqual(await stage.tries(id), []);
  const counts = await stage.store.read((session) => getCounts(session, counterOfUser(user.id), stage.now));
  t.is(counts.sentThisMonth, 0);
});

test('a rule chooses the gateway, and the text waits for it', async (t) => {
  const stage = await openWith(
    rule('to Britain', [{ type: 'header', mode: 'edit', header: 'To', value: '$1@uk', pattern: '^(\\+44.*)$' }]),
  );
  await stage.addGateway('uk', {}, { active: false });
  const id = await stage.submit();
  await stage.settle();
  t.is((await stage.message(id)).pinnedGateway, 'uk');
  t.is(await stage.state(id), 'queued');
  const other = await stage.submit({ numbers: ['+3312345678'] });
  await stage.settle();
  t.is(await stage.state(other), 'sent');
});

test('a rule rewrites the text, the number that the recipient sees and how many parts it may take', async (t) => {
  const stage = await openWith(
    rule('all', [
      { type: 'header', mode: 'edit', header: 'To', value: '$1&sender=+447700900999&maxmsgs=1', pattern: '^(.*)$' },
    ]),
  );
  const id = await stage.submit({ text: 'x'.repeat(200) });
  const { recipient, sender, text, parts } = await stage.message(id);
  t.deepEqual([recipient, sender, text.length, parts], [number, '+447700900999', 160, 1]);
});

test('a high priority passes by what waits', async (t) => {
  const stage = await openWith(
    rule(
      'urgent',
      [{ type: 'priority', value: 'high' }],
      [{ type: 'match', field: 'body', op: 'contains', value: 'urgent' }],
    ),
  );
  const first = await stage.submit();
  const urgent = await stage.submit({ text: 'urgent' });
  t.true((await stage.message(urgent)).dueAt < (await stage.message(first)).dueAt);
  t.is((await stage.message(urgent)).createdAt, start);
});

test('a request that comes again is the same one, though rules have changed what it became', async (t) => {
  const stage = await openWith(
    rule('copy', [
      { type: 'copy', to: 'archive@example.com' },
      { type: 'header', mode: 'edit', header: 'To', value: '+447700900777' },
    ]),
  );
  const request = {
    origin: 'http',
    numbers: [number],
    text: 'Hello',
    idempotency: { key: 'k', isMsgid: false },
  } as const;
  const first = await submit(stage.services, request);
  t.deepEqual(await submit(stage.services, request), first);
  t.is((await listMessages(stage.store, { limit: 10 })).length, 1);
  t.is((await listEffects(stage.store, { limit: 10 })).length, 1);
  // Nor is it refused because the rules have changed since.
  await saveRules(stage.services, 'outgoing', [rule('never', [{ type: 'reject' }])]);
  t.deepEqual(await submit(stage.services, request), first);
});

test('groups, domain and gateway of the sender are known to rules', async (t) => {
  const stage = await openWith(
    rule(
      'sales',
      [{ type: 'reject', reason: 'sales' }],
      [
        { type: 'match', field: 'domain', op: 'equals', value: 'example.com' },
        { type: 'match', field: 'user', op: 'equals', value: 'ada@example.com' },
        { type: 'match', field: 'authenticated', op: 'equals', value: 'true' },
        { type: 'match', field: 'gateway', op: 'equals', value: 'loop' },
      ],
    ),
  );
  const user = await stage.addUser('ada@example.com');
  t.is((await refusal(stage, { user, gateway: 'loop' })).detail, 'sales');
  await stage.submit({ user });
});

test('a message that has been round too often is refused', async (t) => {
  const stage = await openWith(rule('any', [{ type: 'accept' }]));
  t.is((await refusal(stage, { hops: 1000 })).code, 'REJECTED_BY_RULE');
});
