// Changes of mailbox folders and the notifications that come of them.

import test, { type ExecutionContext } from 'ava';
import { pino } from 'pino';
import { putUser } from '../../src/accounts/users.js';
import { PushWatch } from '../../src/message/push-watch.js';
import { readPush } from '../../src/push/read-push.js';
import { addFolder } from '../../src/store/folder-changes.js';
import { putGateway } from '../../src/store/gateways.js';
import { addItem } from '../../src/store/items.js';
import { FolderType, getFolderOfType } from '../../src/store/mailboxes.js';
import { listMessages } from '../../src/store/messages.js';
import { openOctets } from '../../src/store/push-octets.js';
import { openSqlite } from '../../src/store/open.js';
import { putPushDevice } from '../../src/store/push-devices.js';
import type { PushFolder } from '../../src/store/states.js';
import type { PushDevice } from '../../src/store/tables.js';
import { getUser } from '../../src/store/users.js';

const ada = 'ada@example.com';
const contacts: PushFolder = { uri: './Contacts', contentType: 7, syncType: 206, mailboxFolder: 'inbox' };
const sent: PushFolder = { uri: './Sent', contentType: 0, syncType: 209, mailboxFolder: 'sent' };
const minute = 60_000;

async function open(t: ExecutionContext, change: Partial<PushDevice> = {}) {
  const store = await openSqlite(':memory:');
  let now = 1_800_000_000_000;
  let ids = 0;
  const services = { store, now: () => now, newId: () => `m${++ids}`, log: pino({ level: 'silent' }) };
  await putUser(store, ada, { password: 'p', now });
  const user = (await store.read((session) => getUser(session, ada)))!;
  const putLoop = (active: boolean) =>
    store.transact((tx) => putGateway(tx, { id: 'loop', type: 'loopback', active, options: {}, now }));
  await putLoop(true);
  const unset = { imei: null, imsi: null, client: null, password: null, nonce: null, gateway: null };
  const known = {
    number: '+447700900123',
    active: true,
    protocol: 'san-1.2',
    serverId: 's',
    options: {},
    marks: {},
  } as const;
  const folders = [contacts, sent];
  const device = { name: 'phone', ...unset, ...known, userId: user.id, folders, ...change };
  await store.transact((tx) => putPushDevice(tx, { ...device, now }));
  const watch = new PushWatch(services);
  t.teardown(async () => {
    await watch.stop();
    await store.close();
  });
  const add = (folderId: number) =>
    store.transact((tx) =>
      addItem(tx, { userId: user.id, folderId, class: 'SMS', from: '', to: '', text: 'x', date: now }),
    );
  const folderOf = async (type: FolderType) =>
    (await store.read((session) => getFolderOfType(session, user.id, type))).id;
  return {
    ...{ store, watch, user, add, putLoop },
    pass: (milliseconds: number) => (now += milliseconds),
    change: async (type: FolderType = FolderType.Inbox) => add(await folderOf(type)),
    /** The URIs of each notification, oldest first; the message is then over. */
    told: async (): Promise<string[][]> => {
      const all = (await listMessages(store, { limit: 100 })).reverse();
      return all.map((message) => {
        const { properties } = openOctets(store.secrets, message);
        const push = readPush(Buffer.from(properties?.data ?? '', 'base64'));
        return push.kind === 'notification' ? push.notification.syncs.map(({ uri }) => uri) : [push.kind];
      });
    },
    finish: async () => {
      const { messages } = store.tables;
      await store.db.update(messages).set({ state: 'sent', finishedAt: now });
    },
  };
}

test('nothing is told without a change, of a device that is switched off, or of one that watches nobody', async (t) => {
  const quiet = await open(t);
  await quiet.watch.look();
  t.deepEqual(await quiet.told(), []);
  for (const change of [
    { active: false },
    { userId: null },
    { folders: [{ ...contacts, mailboxFolder: 'nowhere' }] },
  ]) {
    const { watch, told, ...stage } = await open(t, change);
    await stage.change();
    await watch.look();
    t.deepEqual(await told(), []);
  }
});

test('what changed together is told at once, and only the folders that changed', async (t) => {
  const { watch, change, told, finish, pass } = await open(t);
  await change();
  await change(FolderType.SentItems);
  await change(FolderType.Drafts);
  await watch.look();
  t.deepEqual(await told(), [['./Contacts', './Sent']]);
  await watch.look();
  t.is((await told()).length, 1, 'what was told is not told again');
  await finish();
  pass(5 * minute);
  await change(FolderType.SentItems);
  await watch.look();
  t.deepEqual((await told())[1], ['./Sent']);
});

test('a phone is told once in its quiet time, of the server or its own, however often something changes', async (t) => {
  for (const [options, quietMinutes] of [
    [{}, 5],
    [{ quietMinutes: 1 }, 1],
  ] as const) {
    const { watch, change, told, finish, pass } = await open(t, { options });
    for (let n = 0; n < 10; n++) {
      await change();
      await watch.look();
      await finish();
    }
    t.is((await told()).length, 1);
    pass(quietMinutes * minute - 1);
    await watch.look();
    t.is((await told()).length, 1);
    pass(1);
    await watch.look();
    t.is((await told()).length, 2, 'what came in between follows');
    pass(quietMinutes * minute);
    await watch.look();
    t.is((await told()).length, 2);
  }
});

test('no second notification follows one that is still on its way', async (t) => {
  const { watch, change, told, finish, pass } = await open(t);
  await change();
  await watch.look();
  await change();
  for (let n = 0; n < 5; n++) {
    pass(10 * minute);
    await watch.look();
  }
  t.is((await told()).length, 1);
  await finish();
  pass(10 * minute);
  await watch.look();
  t.is((await told()).length, 2);
});

test('what cannot be sent now is told when it can be', async (t) => {
  const { watch, change, told, putLoop, pass } = await open(t);
  await putLoop(false);
  await change();
  await watch.look();
  t.deepEqual(await told(), []);
  await putLoop(true);
  pass(minute);
  await watch.look();
  t.is((await told()).length, 1);
});

test('a server that starts tells what changed before, and a clock that was set back silences nobody', async (t) => {
  const { watch, change, told, finish, pass } = await open(t);
  await change();
  await watch.look();
  await finish();
  pass(-60 * minute);
  await change();
  await watch.look();
  t.is((await told()).length, 2);
});

test('a folder is watched by its path, and from the time it is there', async (t) => {
  const { watch, add, told, store, user } = await open(t, { folders: [{ ...contacts, mailboxFolder: 'Work/orders' }] });
  await watch.look();
  const folder = await store.transact(function* (tx) {
    const work = yield* addFolder(tx, user.id, { parentId: undefined, name: 'Work' });
    return yield* addFolder(tx, user.id, { parentId: work.id, name: 'Orders' });
  });
  await watch.look();
  t.deepEqual(await told(), []);
  await add(folder.id);
  await watch.look();
  t.deepEqual(await told(), [['./Contacts']]);
});

test('once started it hears of changes by itself, and of devices that come', async (t) => {
  const { watch, change, store, told } = await open(t);
  await store.settings.save(store, {
    ...store.settings.current,
    push: { quietMinutes: 0, bundleSeconds: 0, expireMinutes: 60 },
  });
  watch.start();
  const isQueued = new Promise<void>((resolve) => void store.changes.listen('queue', () => resolve()));
  await change();
  await isQueued;
  t.deepEqual(await told(), [['./Contacts']]);
});
