// Where a conversation has led: what lies in the store and what the client has, without the numbers that both call it by.

import { itemServerId } from '../../src/eas/server-id.js';
import { parseMail } from '../../src/mail/parse.js';
import { listAttachments } from '../../src/store/contents.js';
import { listMails } from '../../src/store/mails.js';
import type { Store } from '../../src/store/open.js';
import type { Item } from '../../src/store/tables.js';
import type { MailClient } from './mail-client.js';
import type { Bench } from './talking-device.js';

export interface MailEnd {
  items: string[];
  /** Texts on their way. */
  messages: string[];
  /** For the relay. */
  mails: string[];
  folders: string[];
  /** Folder and item as the client has them. */
  device: string[];
  /** What no server may say, and where client and store differ. */
  faults: string[];
}

/** Of a client that sees texts as mail. */
export async function readMailEnd({ store, user }: Bench, client: MailClient): Promise<MailEnd> {
  const { tables, db } = store;
  const items = await db.select().from(tables.items);
  const folders = await db.select().from(tables.folders);
  const messages = await db.select().from(tables.messages);
  const nameOf = new Map(folders.map(({ id, name }) => [id, name]));
  const own = items.filter(({ userId, folderId }) => userId === user.id && client.keys.has(String(folderId)));
  return {
    items: (await Promise.all(items.map((item) => describe(store, item, nameOf.get(item.folderId)!)))).sort(),
    messages: messages.map(({ recipient, text }) => `${recipient} ${text}`).sort(),
    mails: await mailsIn(store),
    folders: folders.map(({ userId, name, deleted }) => `${userId} ${name}${deleted ? ', deleted' : ''}`).sort(),
    device: [...client.items]
      .flatMap(([folder, held]) =>
        [...held.values()].map(({ text, read, flag }) => `${nameOf.get(Number(folder))}: ${text}, ${read}, ${flag}`),
      )
      .sort(),
    faults: [...client.faults, ...differences(own, client), ...folderDifferences(folders, { client, userId: user.id })],
  };
}

async function describe(store: Store, item: Item, folder: string): Promise<string> {
  const { userId, class: itemClass, subject, text, to, read, properties } = item;
  const { flag, isDraft, lastVerb } = properties;
  const files = await store.read((session) => listAttachments(session, item.id));
  return JSON.stringify([userId, folder, itemClass, subject, text, to, read, flag, isDraft, lastVerb, files.length]);
}

async function mailsIn(store: Store): Promise<string[]> {
  const mails = await listMails(store);
  const subjects = await Promise.all(mails.map(async ({ octets }) => (await parseMail(octets)).subject));
  return mails.map(({ recipients }, index) => `${recipients.join()} ${subjects[index]}`).sort();
}

function differences(items: readonly Item[], client: MailClient): string[] {
  const held = new Map([...client.items.values()].flatMap((each) => [...each]));
  const names = new Map(items.map((item) => [itemServerId(item, 'Email'), item]));
  return [
    ...[...held.keys()].filter((name) => !names.has(name)).map((name) => `held and not stored: ${name}`),
    ...[...names].flatMap(
      ([
        name,
        {
          read,
          properties: { flag },
        },
      ]) => {
        const had = held.get(name);
        if (!had) return [`stored and not held: ${name}`];
        const isSame = (had.read === '1') === read && (had.flag ?? '') === String(flag?.status ?? '');
        return isSame ? [] : [`not as it is stored: ${name}`];
      },
    ),
  ];
}

interface Viewing {
  client: MailClient;
  userId: number;
}

function folderDifferences(
  folders: readonly { id: number; userId: number; name: string; deleted: boolean }[],
  { client, userId }: Viewing,
): string[] {
  const stored = folders.filter((folder) => folder.userId === userId && !folder.deleted);
  const missing = stored.filter(({ id, name }) => client.view.get(String(id))?.name !== name);
  const surplus = [...client.view.keys()].filter((id) => !stored.some((folder) => String(folder.id) === id));
  return [...missing.map(({ name }) => `folder not known: ${name}`), ...surplus.map((id) => `no such folder: ${id}`)];
}
