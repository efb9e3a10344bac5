// What rules make of texts that gateways bring.

import test, { type ExecutionContext } from 'ava';
import type { Action, Condition, Rule } from '../../src/rules/rule.js';
import { saveRules } from '../../src/message/rule-list.js';
import { listEffects } from '../../src/store/effects.js';
import { listItems } from '../../src/store/item-pages.js';
import { FolderType, listFolders } from '../../src/store/mailboxes.js';
import type { User } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { openStage } from '../gateway/stage.js';
import { Arrivals, peer } from './arrivals.js';

const always: Condition[] = [{ type: 'all' }];

function rule(title: string, actions: Action[], conditions: Condition[] = always): Rule {
  return { title, enabled: true, conditions, actions };
}

async function open(t: ExecutionContext, ...rules: Rule[]): Promise<{ arrivals: Arrivals; ada: User }> {
  const stage = await openStage();
  t.teardown(() => stage.store.close());
  const arrivals = new Arrivals(stage);
  const ada = await stage.addUser('ada@example.com');
  await arrivals.deliverTo('ada@example.com');
  await saveRules(stage.services, 'incoming', rules);
  return { arrivals, ada };
}

async function inFolder(arrivals: Arrivals, user: User, name: string): Promise<string[]> {
  const { store } = arrivals.stage;
  const folder = (await listFolders(store, user.id)).find((each) => each.name === name);
  return folder ? (await listItems(store, { folderId: folder.id, limit: 100 })).map(({ text }) => text) : [];
}

async function kinds(arrivals: Arrivals): Promise<string[]> {
  return (await listEffects(arrivals.stage.store, { limit: 100 })).map(({ kind }) => kind).reverse();
}

test('what a rule deletes or rejects lies in no mailbox, is kept, and is not placed later', async (t) => {
  const { arrivals, ada } = await open(
    t,
    rule('junk', [{ type: 'delete' }], [{ type: 'match', field: 'body', op: 'contains', value: 'prize' }]),
    rule(
      'strangers',
      [{ type: 'reject', reason: 'no strangers' }],
      [{ type: 'match', field: 'from', op: 'equals', value: '+447700900666' }],
    ),
  );
  await arrivals.receive({ text: 'a prize' });
  await arrivals.receive({ sender: '+447700900666' });
  t.deepEqual(await arrivals.texts(ada), []);
  t.deepEqual(
    (await arrivals.rows()).map(({ properties }) => properties?.keptBy),
    ['junk', 'strangers'],
  );
  t.deepEqual(await arrivals.unplacedIds(), []);
  t.deepEqual(arrivals.logged, []);
  // The reason goes back to whoever sent it.
  const [answer] = await listEffects(arrivals.stage.store, { limit: 10 });
  t.deepEqual([answer?.kind, answer?.target, answer?.document['text']], ['text', '+447700900666', 'no strangers']);
});

test('a sender that is a word is not answered', async (t) => {
  const { arrivals } = await open(t, rule('never', [{ type: 'reject', reason: 'no' }]));
  await arrivals.receive({ sender: 'Bank' });
  t.deepEqual(await kinds(arrivals), []);
});

test('a folder that a rule names is made, in the mailbox that it names or of everybody who has the text', async (t) => {
  const { arrivals, ada } = await open(
    t,
    rule(
      'orders',
      [{ type: 'move', folder: 'Orders' }],
      [{ type: 'match', field: 'body', op: 'contains', value: 'order' }],
    ),
    rule(
      'bills',
      [{ type: 'move', folder: 'bob@example.com/Bills' }],
      [{ type: 'match', field: 'body', op: 'contains', value: 'bill' }],
    ),
  );
  const bob = await arrivals.stage.addUser('bob@example.com');
  await arrivals.receive({ text: 'an order' });
  await arrivals.receive({ text: 'a bill' });
  t.deepEqual(await inFolder(arrivals, ada, 'Orders'), ['an order']);
  t.deepEqual(await inFolder(arrivals, bob, 'Bills'), ['a bill']);
  t.deepEqual(await arrivals.texts(ada), []);
});

test('where nobody can have the folder the text lies where it would have lain without the rule', async (t) => {
  const { arrivals, ada } = await open(
    t,
    rule(
      'lost',
      [{ type: 'move', folder: 'nobody@example.com/Lost' }],
      [{ type: 'match', field: 'body', op: 'contains', value: 'one' }],
    ),
    rule('outbox', [{ type: 'move', folder: 'Outbox' }]),
  );
  await arrivals.receive({ text: 'one' });
  await arrivals.receive({ text: 'two' });
  t.deepEqual((await arrivals.texts(ada)).sort(), ['one', 'two']);
});

test('what a rule forwards goes to nobody else, what it copies does', async (t) => {
  const { arrivals, ada } = await open(
    t,
    rule(
      'support',
      [{ type: 'forward', to: 'support@example.net' }],
      [{ type: 'match', field: 'body', op: 'contains', value: 'help' }],
    ),
    rule('archive', [{ type: 'copy', to: 'archive@example.net' }]),
  );
  await arrivals.receive({ text: 'help' });
  await arrivals.receive({ text: 'hello' });
  t.deepEqual(await arrivals.texts(ada), ['hello']);
  t.deepEqual(await kinds(arrivals), ['mail', 'mail', 'mail']);
});

test('a rule rewrites who it is from, what it says and how important it is', async (t) => {
  const { arrivals, ada } = await open(
    t,
    rule('bank', [
      { type: 'header', mode: 'edit', header: 'From', value: 'Bank' },
      { type: 'header', mode: 'edit', header: 'Subject', value: 'From %%from%%' },
      { type: 'priority', value: 'high' },
    ]),
  );
  await arrivals.receive();
  const [item] = await arrivals.inbox(ada);
  t.is(item?.from, '"Bank" [MOBILE:Bank]');
  t.is(item?.importance, 2);
  t.is((await arrivals.rows())[0]?.sender, peer);
});

test('answers skip the rules, and a text that names a user does not', async (t) => {
  const { arrivals } = await open(t, rule('all', [{ type: 'copy', to: 'archive@example.net' }]));
  const bob = await arrivals.stage.addUser('bob@example.com');
  await arrivals.receive({ text: 'for #bob@example.com#' });
  t.deepEqual(await arrivals.texts(bob), ['for #bob@example.com#']);
  t.deepEqual(await kinds(arrivals), ['mail']);
});

test('a text is taken once, and so is what rules do with it', async (t) => {
  const { arrivals } = await open(t, rule('all', [{ type: 'copy', to: 'archive@example.net' }]));
  await arrivals.receive({ reference: 'r1' });
  await arrivals.receive({ reference: 'r1' });
  t.deepEqual(await kinds(arrivals), ['mail']);
});

test('rules that cannot be tried keep no incoming text out', async (t) => {
  const { arrivals, ada } = await open(t, rule('all', [{ type: 'delete' }]));
  const { store } = arrivals.stage;
  const conditions = [{ type: 'match', field: 'from', op: 'list', file: '/nowhere/list.txt' }];
  await store.transact(function* (tx) {
    yield* run(tx.db.update(store.tables.rules).set({ conditions }));
    tx.announce({ topic: 'rules' });
  });
  await arrivals.receive();
  t.deepEqual(await arrivals.texts(ada), ['Hello']);
  t.regex(arrivals.logged.join(), /passes without rules/);
});

test('folders of people stay as they are: a path goes through those that are there', async (t) => {
  const { arrivals, ada } = await open(t, rule('deep', [{ type: 'move', folder: 'inbox/Orders/2026' }]));
  await arrivals.receive({ text: 'one' });
  await arrivals.receive({ text: 'two' });
  t.deepEqual((await inFolder(arrivals, ada, '2026')).sort(), ['one', 'two']);
  const folders = await listFolders(arrivals.stage.store, ada.id);
  t.is(folders.filter(({ name }) => name === 'Orders').length, 1);
  t.is(folders.filter(({ type }) => type === FolderType.Inbox).length, 1);
});
