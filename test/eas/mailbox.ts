// A mailbox with mail, texts and an attachment in it, and a device that is let in: what the tests of searching and
// fetching begin with.

import { addAttachment, putContent } from '../../src/store/contents.js';
import { addItem, type NewItem } from '../../src/store/items.js';
import type { Item } from '../../src/store/tables.js';
import { type Bench, noon, openBench, TalkingDevice } from './talking-device.js';

export interface Mailbox {
  bench: Bench;
  device: TalkingDevice;
  /** ServerIds by DisplayName. */
  folders: Record<string, string>;
}

export async function openMailbox(version = '14.1'): Promise<Mailbox> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  device.version = version;
  await device.provision();
  return { bench, device, folders: await device.folders() };
}

export async function putItem(
  { bench, folders }: Mailbox,
  item: Partial<NewItem> = {},
  folder = 'Inbox',
): Promise<Item> {
  const folderId = Number(folders[folder]);
  const whole = { userId: bench.user.id, folderId, class: 'Email', from: '', to: '', text: '', date: noon } as const;
  return bench.store.transact((tx) => addItem(tx, { ...whole, ...item }));
}

/** What a phone received. */
export function putText(mailbox: Mailbox, more: Partial<NewItem> = {}, folder = 'Inbox'): Promise<Item> {
  return putItem(mailbox, { class: 'SMS', from: '"Bo" [MOBILE:+447700900789]', text: 'on my way', ...more }, folder);
}

export const picture = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

/** A mail in HTML with a picture; `fileReference` names it. */
export async function putMail(
  mailbox: Mailbox,
  more: Partial<NewItem> = {},
  folder = 'Inbox',
): Promise<{ mail: Item; fileReference: string }> {
  const properties = { hasContent: true, hasAttachments: true, messageId: '<1@example.org>', ...more.properties };
  const about = { subject: 'Cats', from: 'Eve <eve@example.org>', to: 'ann@example.com', text: 'Look at the cat!' };
  const mail = await putItem(mailbox, { ...about, ...more, properties }, folder);
  const attachment = { name: 'cat.png', contentType: 'image/png', contentId: undefined, isInline: false };
  const id = await mailbox.bench.store.transact(function* (tx) {
    yield* putContent(tx, { itemId: mail.id, html: '<p>Look at the cat!</p>', mime: undefined });
    return yield* addAttachment(tx, { itemId: mail.id, ...attachment, octets: picture });
  });
  return { mail, fileReference: String(id) };
}
