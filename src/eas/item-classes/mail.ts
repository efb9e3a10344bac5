// The Email class: mail, and texts as devices without class SMS see them.
// MS-ASEMAIL 2.2.2

import { composeMail } from '../../mail/compose.js';
import { htmlOfText } from '../../mail/plain-text.js';
import { type MailView, mailViewOf } from '../../mail/text-mail.js';
import { type AttachmentHead, getAttachment, getContent, listAttachments } from '../../store/contents.js';
import type { Session } from '../../store/session.js';
import type { Attachment, Item } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { Email } from '../../wbxml/airsync/email.js';
import { Email2 } from '../../wbxml/airsync/email2.js';
import { AirSyncBase } from '../../wbxml/airsync/air-sync-base.js';
import { type Element, element } from '../../wbxml/element.js';
import { isSince, type ProtocolVersion } from '../versions.js';
import { writeAttachments } from './attachments.js';
import { type BodySource, writeBodies } from './body.js';
import { writeDate } from './date.js';
import { writeFlag } from './flag.js';
import type { ItemWish } from './item.js';

/** What a mail has beside its row. */
export interface MailContent {
  html: string | undefined;
  mime: Uint8Array | undefined;
  heads: readonly AttachmentHead[];
  /** Where the device may want the mail whole, and it has to be composed. */
  attachments: readonly Attachment[];
}

export const nothingBeside: MailContent = { html: undefined, mime: undefined, heads: [], attachments: [] };

export function* loadContent(session: Session, item: Item, wish: ItemWish): Steps<MailContent> {
  const { properties } = item;
  const content = properties.hasContent ? yield* getContent(session, item.id) : undefined;
  const heads = properties.hasAttachments ? yield* listAttachments(session, item.id) : [];
  const needsWhole = heads.length > 0 && content?.mime === undefined && mayWantMime(wish);
  const attachments = needsWhole ? yield* loadAttachments(session, heads) : [];
  return { html: content?.html, mime: content?.mime, heads, attachments };
}

export function writeMail(item: Item, wish: ItemWish, { html, mime, heads, attachments }: MailContent): Element[] {
  const view = mailViewOf(item, wish.owner, wish.surroundings);
  const source: BodySource = {
    text: item.text,
    html: () => html ?? htmlOfText(item.text),
    mime: () => mimeOf({ item, view, html, mime, attachments }),
    nativeType: html === undefined ? 1 : 2,
    isSecured: item.properties.isSecured ?? false,
  };
  return [
    ...writeHeaders(item, view, wish.version),
    ...writeAttachments(heads),
    ...writeBodies(source, wish.options ?? {}, wish.version),
    element(AirSyncBase.NativeBodyType, String(source.nativeType)),
  ];
}

function* loadAttachments(session: Session, heads: readonly AttachmentHead[]): Steps<Attachment[]> {
  const loaded: Attachment[] = [];
  for (const { id } of heads) loaded.push((yield* getAttachment(session, id))!);
  return loaded;
}

function mayWantMime({ options }: ItemWish): boolean {
  return options?.bodyPreferences?.some(({ type }) => type === 4) ?? false;
}

function writeHeaders(item: Item, view: MailView, version: ProtocolVersion): Element[] {
  const { properties } = item;
  const optional = (tag: number, value: string | undefined) => (value ? element(tag, value) : undefined);
  return [
    element(Email.To, view.to),
    optional(Email.Cc, view.cc),
    element(Email.From, view.from),
    element(Email.Subject, view.subject),
    optional(Email.ReplyTo, view.replyTo),
    element(Email.DateReceived, writeDate(item.date)),
    element(Email.DisplayTo, view.to.slice(0, 1024)),
    element(Email.ThreadTopic, view.threadTopic),
    element(Email.Importance, String(item.importance)),
    element(Email.Read, item.read ? '1' : '0'),
    element(Email.MessageClass, properties.isSecured ? 'IPM.Note.SMIME' : 'IPM.Note'),
    element(Email.InternetCPID, '65001'),
    element(Email.ContentClass, 'urn:content-classes:message'),
    writeFlag(properties.flag),
    ...(isSince(version, '14.0') ? writeSince140(item, view) : []),
    ...(isSince(version, '16.0') ? writeSince160(item) : []),
  ].filter((each) => each !== undefined);
}

function writeSince140({ properties }: Item, view: MailView): (Element | undefined)[] {
  const { categories, lastVerb, lastVerbAt } = properties;
  return [
    categories &&
      element(
        Email.Categories,
        categories.map((each) => element(Email.Category, each)),
      ),
    element(Email2.ConversationId, view.conversationId),
    element(Email2.ConversationIndex, view.conversationIndex),
    lastVerb === undefined ? undefined : element(Email2.LastVerbExecuted, String(lastVerb)),
    lastVerbAt === undefined ? undefined : element(Email2.LastVerbExecutionTime, writeDate(lastVerbAt)),
  ];
}

function writeSince160({ properties }: Item): (Element | undefined)[] {
  return [
    properties.isDraft ? element(Email2.IsDraft, '1') : undefined,
    properties.bcc ? element(Email2.Bcc, properties.bcc) : undefined,
  ];
}

interface Whole {
  item: Item;
  view: MailView;
  html: string | undefined;
  mime: Uint8Array | undefined;
  attachments: readonly Attachment[];
}

/** The octets as they came; else composed, the same each time. */
function mimeOf({ item, view, html, mime, attachments }: Whole): string {
  const octets =
    mime ??
    composeMail({
      from: view.from,
      to: view.to,
      cc: view.cc,
      replyTo: view.replyTo,
      subject: view.subject,
      date: item.date,
      messageId: view.messageId,
      inReplyTo: item.properties.inReplyTo,
      references: view.references,
      importance: item.importance,
      text: item.text,
      html,
      attachments: attachments.map((each) => ({ ...each, contentId: each.contentId ?? undefined })),
    });
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('utf8');
}
