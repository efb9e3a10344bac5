// A mail as an item of a mailbox: what a list shows in the item, the whole of it beside.

import type { MailAddress } from '../mail/address.js';
import { writeAddress } from '../mail/address.js';
import type { ParsedMail } from '../mail/parse.js';
import { addAttachment, putContent } from '../store/contents.js';
import { addItem } from '../store/items.js';
import { type FolderType, getFolderOfType } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { ItemProperties } from '../store/states.js';
import type { Item } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';

export interface FiledMail {
  mail: ParsedMail;
  /** As the item keeps it, without what only some recipients may see. */
  octets: Uint8Array;
  userId: number;
  folder: FolderType;
  read: boolean;
  /** Only the sender's own copy says who got it in secret. */
  withBcc: boolean;
  now: number;
}

export function* fileMail(tx: Transaction, filed: FiledMail): Steps<Item> {
  const { mail, userId, now } = filed;
  const folder = yield* getFolderOfType(tx, userId, filed.folder);
  const item = yield* addItem(tx, {
    userId,
    folderId: folder.id,
    class: 'Email',
    from: mail.from ? writeAddress(mail.from) : '',
    to: writeList(mail.to),
    subject: mail.subject,
    text: mail.text,
    date: now,
    read: filed.read,
    importance: mail.importance,
    properties: propertiesOf(filed),
  });
  yield* putContent(tx, { itemId: item.id, html: mail.html, mime: filed.octets });
  for (const attachment of mail.attachments) yield* addAttachment(tx, { ...attachment, itemId: item.id });
  return item;
}

function propertiesOf({ mail, withBcc }: FiledMail): ItemProperties {
  const { messageId, inReplyTo, references } = mail;
  return {
    ...(mail.cc.length > 0 && { cc: writeList(mail.cc) }),
    ...(withBcc && mail.bcc.length > 0 && { bcc: writeList(mail.bcc) }),
    ...(mail.replyTo.length > 0 && { replyTo: writeList(mail.replyTo) }),
    ...(messageId !== undefined && { messageId }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(references !== undefined && { references }),
    ...(mail.attachments.length > 0 && { hasAttachments: true }),
    ...(mail.isSecured && { isSecured: true }),
    ...(mail.isClearSigned && { isClearSigned: true }),
    hasContent: true,
  };
}

function writeList(addresses: readonly MailAddress[]): string {
  return addresses.map(writeAddress).join(', ');
}
