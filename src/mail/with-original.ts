// A new mail together with the one it answers or forwards, for devices that leave putting it there to the server.

import { type MailAddress, writeAddress } from './address.js';
import type { ComposedMail } from './compose.js';
import { writeMailDate } from './header-fields.js';
import type { MailAttachment, ParsedMail } from './parse.js';
import { htmlOfText } from './plain-text.js';
import type { MailView } from './text-mail.js';

export interface Original {
  view: MailView;
  date: number;
  text: string;
  html: string | undefined;
  /** Those that go along. */
  attachments: readonly MailAttachment[];
}

export interface Joining {
  /** Absent where the new mail holds all it is to hold. */
  original: Original | undefined;
  isReply: boolean;
  /** Beside those of the new mail. */
  alsoTo: readonly MailAddress[];
  /** Where the new mail has none. */
  messageId: string;
  date: number;
}

export function withOriginal(mail: ParsedMail, joining: Joining): ComposedMail {
  const { original, alsoTo } = joining;
  return {
    from: mail.from ? writeAddress(mail.from) : '',
    to: writeList([...mail.to, ...alsoTo]),
    cc: writeList(mail.cc),
    bcc: writeList(mail.bcc),
    replyTo: writeList(mail.replyTo),
    subject: mail.subject,
    date: mail.date ?? joining.date,
    messageId: mail.messageId ?? joining.messageId,
    ...threadOf(mail, joining),
    importance: mail.importance,
    text: original ? `${mail.text}\n\n${headOf(original)}\n${original.text}\n` : mail.text,
    html: original && mail.html !== undefined ? joinPages(mail.html, original) : mail.html,
    attachments: [...mail.attachments, ...(original?.attachments ?? [])],
  };
}

function writeList(addresses: readonly MailAddress[]): string {
  return addresses.map(writeAddress).join(', ');
}

// RFC 5322 3.6.4 Identification Fields; what the device says itself counts.
function threadOf(mail: ParsedMail, { original, isReply }: Joining): Pick<ComposedMail, 'inReplyTo' | 'references'> {
  const { inReplyTo, references } = mail;
  if (!original || inReplyTo !== undefined || references !== undefined) return { inReplyTo, references };
  const { messageId, references: earlier } = original.view;
  const thread = earlier === undefined ? messageId : `${earlier} ${messageId}`;
  return { inReplyTo: isReply ? messageId : undefined, references: thread };
}

function headOf({ view, date }: Original): string {
  const lines = [
    '-----Original Message-----',
    `From: ${view.from}`,
    `Date: ${writeMailDate(date)}`,
    `To: ${view.to}`,
    ...(view.cc === undefined ? [] : [`Cc: ${view.cc}`]),
    `Subject: ${view.subject}`,
  ];
  return `${lines.join('\n')}\n`;
}

function joinPages(html: string, original: Original): string {
  const page = original.html ?? htmlOfText(original.text);
  const block = `<br><div>${contentOf(htmlOfText(headOf(original)))}</div>\r\n<div>${contentOf(page)}</div>\r\n`;
  const end = html.search(/<\/body\s*>/i);
  return end < 0 ? html + block : html.slice(0, end) + block + html.slice(end);
}

/** What stands in the body of a page. */
function contentOf(page: string): string {
  const begin = /<body\b[^>]*>/i.exec(page);
  const rest = begin ? page.slice(begin.index + begin[0].length) : page;
  const end = rest.search(/<\/body\s*>/i);
  return end < 0 ? rest : rest.slice(0, end);
}
