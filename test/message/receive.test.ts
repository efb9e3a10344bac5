import { join } from 'node:path';
import test from 'ava';
import { MessageError } from '../../src/message/errors.js';
import { receive } from '../../src/message/receive.js';
import type { Change } from '../../src/store/changes.js';
import { StoreError } from '../../src/store/errors.js';
import { FolderType, listFolders } from '../../src/store/mailboxes.js';
import { openArrivals, peer } from './arrivals.js';
import { afterCrash } from '../store/after-crash.js';
import { scratchFolder } from '../scratch-folder.js';

test('an empty text is dropped and said to be; one of spaces is kept', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.stage.addUser('ada@example.com');
  await arrivals.deliverTo(ada.address);
  t.deepEqual(await arrivals.receive({ text: '' }), { dropped: true });
  t.deepEqual(await arrivals.receive({ text: '', data: new Uint8Array() }), { dropped: true });
  t.deepEqual(await arrivals.rows(), []);
  t.true('id' in (await arrivals.receive({ text: ' ' })));
  t.deepEqual(await arrivals.texts(ada), [' ']);
});

test('a peer or a reference beyond its limit is refused by name, and nothing is stored', async (t) => {
  const arrivals = await openArrivals();
  for (const [field, length] of Object.entries({ sender: 101, recipient: 101, reference: 257 })) {
    const error = await t.throwsAsync(arrivals.receive({ [field]: '1'.repeat(length) }), { instanceOf: MessageError });
    t.like(error, { code: 'BAD_PARAMETER', field });
  }
  t.deepEqual(await arrivals.rows(), []);
});

test('nothing is said to be received where the commit fails', async (t) => {
  const { stage } = await openArrivals();
  const store = { ...stage.store, transact: () => Promise.reject(new StoreError('STORAGE_UNAVAILABLE')) };
  const receiving = receive({ ...stage.services, store }, { gateway: 'in', sender: peer, text: 'Hello' });
  await t.throwsAsync(receiving, { code: 'STORAGE_UNAVAILABLE' });
});

test('a text of the same reference is taken once, also when both come at the same instant', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.stage.addUser('ada@example.com');
  await arrivals.deliverTo(ada.address);
  const together = await Promise.all([arrivals.receive({ reference: 'r' }), arrivals.receive({ reference: 'r' })]);
  t.deepEqual(together[0], together[1]);
  t.deepEqual(await arrivals.receive({ reference: 'r', text: 'other words' }), together[0]);
  t.deepEqual(await arrivals.texts(ada), ['Hello']);
});

test('references are of one gateway, and texts without one are each taken', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.addAdministrator('ada@example.com');
  await arrivals.receive({ reference: 'r', gateway: 'a' });
  await arrivals.receive({ reference: 'r', gateway: 'b' });
  await arrivals.receive();
  await arrivals.receive({ reference: '' });
  await arrivals.receive({ reference: '' });
  t.is((await arrivals.texts(ada)).length, 5);
});

test('a text lies in the Inbox of everybody its gateway delivers to, once however often they are named', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.stage.addUser('ada@example.com');
  const bob = await arrivals.stage.addUser('bob@example.com');
  const root = await arrivals.addAdministrator('root@example.com');
  await arrivals.deliverTo('Ada@Example.com', bob.address, ada.address);
  await arrivals.receive({ recipient: '+44 7700 900999' });
  for (const user of [ada, bob]) {
    const [item, ...others] = await arrivals.inbox(user);
    t.deepEqual(others, []);
    const from = `"${peer}" [MOBILE:${peer}]`;
    t.like(item, { class: 'SMS', from, to: '"+447700900999" [MOBILE:+447700900999]', text: 'Hello', read: false });
  }
  t.deepEqual(await arrivals.inbox(root), []);
  t.deepEqual(arrivals.logged, []);
});

test('a Ping that is held on the Inbox wakes', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.addAdministrator('ada@example.com');
  const inbox = (await listFolders(arrivals.stage.store, ada.id)).find(({ type }) => type === FolderType.Inbox)!;
  const woken: Change[] = [];
  const watch = { folderIds: [inbox.id], wake: (change: Change) => void woken.push(change) };
  arrivals.stage.store.changes.watch(ada.id, watch);
  await arrivals.receive();
  t.deepEqual(woken, [{ topic: 'folder', userId: ada.id, folderId: inbox.id }]);
});

test('without anybody it goes to the administrators, and an address that is no user is told in the log', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.stage.addUser('ada@example.com');
  const root = await arrivals.addAdministrator('root@example.com');
  await arrivals.deliverTo('gone@example.com');
  await arrivals.receive({ text: 'one' });
  t.deepEqual(await arrivals.texts(root), ['one']);
  t.is(arrivals.logged.length, 1);
  t.notRegex(arrivals.logged[0]!, /gone@|one"|4477/);
  await arrivals.deliverTo('gone@example.com', ada.address);
  await arrivals.receive({ text: 'two' });
  t.deepEqual(await arrivals.texts(ada), ['two']);
  t.deepEqual(await arrivals.texts(root), ['one'], 'somebody has it');
  t.is(arrivals.logged.length, 2);
  await arrivals.receive({ gateway: 'deleted', text: 'three' });
  t.deepEqual(await arrivals.texts(root), ['one', 'three']);
});

test('where there is no administrator either it is kept, told and shown', async (t) => {
  const arrivals = await openArrivals();
  const announced: string[] = [];
  arrivals.stage.store.changes.listen('unplaced', ({ topic }) => void announced.push(topic));
  const receipt = await arrivals.receive({ sender: 'Bank' });
  t.deepEqual(await arrivals.unplacedIds(), [(receipt as { id: string }).id]);
  t.deepEqual(announced, ['unplaced']);
  t.regex(arrivals.logged[0]!, /nobody is there/);
  await arrivals.addAdministrator('root@example.com');
  await arrivals.receive();
  t.is((await arrivals.unplacedIds()).length, 1);
});

test('a word stays a word, a number is kept as numbers are, and what is no character is marked', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.addAdministrator('ada@example.com');
  await arrivals.receive({ sender: '(0770) 0900-123', text: 'a\0b\ud800c' });
  await arrivals.receive({ sender: ' My\nBank ' });
  t.deepEqual(
    (await arrivals.rows()).map(({ sender, text }) => [sender, text]),
    [
      ['07700900123', 'a\ufffdb\ufffdc'],
      ['My Bank', 'Hello'],
    ],
  );
  t.is((await arrivals.inbox(ada))[1]!.from, '"My Bank" [MOBILE:My Bank]');
});

test('a binary message keeps its octets, and the mailbox says what it is', async (t) => {
  const arrivals = await openArrivals();
  const ada = await arrivals.addAdministrator('ada@example.com');
  const data = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);
  const udh = Uint8Array.of(0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0);
  await arrivals.receive({ text: '', data, udh, dcs: 0xf5, pid: 0, sentAt: 5 });
  await arrivals.receive({ text: '', data: new Uint8Array(1_200).fill(1) });
  await arrivals.receive({ text: '', data: new Uint8Array(128 * 140 + 1).fill(1) });
  const [row] = await arrivals.rows();
  t.is(row!.text, '');
  t.deepEqual(row!.properties, { data: '3q2+7w==', udh: 'BQQLhCPw', dcs: 0xf5, pid: 0, sentAt: 5 });
  const [short, long, longest] = await arrivals.texts(ada);
  t.is(short, '[binary message of 4 octets] DEADBEEF');
  t.is(long, `[binary message of 1200 octets] ${'01'.repeat(1_200)}`);
  t.true(longest!.endsWith('01…'));
});

test('a text is on disk before it is answered for', async (t) => {
  const file = join(scratchFolder(), 'easms.db');
  const arrivals = await openArrivals({ file });
  const receipt = await arrivals.receive({ reference: 'r' });
  // Without an end: as a crash leaves it.
  const after = await openArrivals({ file: afterCrash(file) });
  t.deepEqual(
    (await after.rows()).map(({ id, reference }) => [id, reference]),
    [[(receipt as { id: string }).id, 'r']],
  );
});
