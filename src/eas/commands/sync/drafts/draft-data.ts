// A draft as a device writes it: whom it is for, what it says, which files come and go.
// MS-ASEMAIL 2.2.2, since 16.0; MS-ASAIRS 2.2.2.7 Attachments

import { readAddresses, writeAddress } from '../../../../mail/address.js';
import { MailError } from '../../../../mail/errors.js';
import { textOfHtml } from '../../../../mail/plain-text.js';
import { AirSyncBase } from '../../../../wbxml/airsync/air-sync-base.js';
import { Email } from '../../../../wbxml/airsync/email.js';
import { Email2 } from '../../../../wbxml/airsync/email2.js';
import { child, children, type Element, text } from '../../../../wbxml/element.js';
import { StatusError } from '../../../errors.js';
import { limits } from '../../../limits.js';
import { CommonStatus, SyncStatus } from '../../../statuses.js';

/** What a request names of a draft; what it leaves out stays. */
export interface DraftData {
  to?: string;
  cc?: string;
  bcc?: string;
  replyTo?: string;
  subject?: string;
  importance?: number;
  read?: boolean;
  body?: { text: string; html: string | undefined };
  added: readonly NewFile[];
  /** FileReferences. */
  removed: readonly string[];
}

export interface NewFile {
  /** Of the device, by which the answer tells its FileReference. */
  clientId: string;
  name: string;
  contentType: string;
  contentId: string | undefined;
  isInline: boolean;
  octets: Uint8Array;
}

/** Throws StatusError: 6 where a value is malformed, 178 for a body of another type, 122 for too much. */
export function readDraft(data: Element): DraftData {
  const attachments = child(data, AirSyncBase.Attachments);
  const draft: DraftData = {
    added: attachments ? children(attachments, AirSyncBase.Add).map(readFile) : [],
    removed: attachments ? children(attachments, AirSyncBase.Delete).map(readReference) : [],
  };
  for (const [name, tag] of addressFields) {
    const value = text(data, tag);
    if (value !== undefined) draft[name] = readList(value);
  }
  const subject = text(data, Email.Subject);
  if (subject !== undefined) draft.subject = withinLimit(subject, limits.subjectCharacters);
  const importance = text(data, Email.Importance);
  if (importance !== undefined) draft.importance = readNumber(importance, 2);
  const read = text(data, Email.Read);
  if (read !== undefined) draft.read = readNumber(read, 1) === 1;
  const body = child(data, AirSyncBase.Body);
  if (body) draft.body = readBody(body);
  return draft;
}

const addressFields = [
  ['to', Email.To],
  ['cc', Email.Cc],
  ['bcc', Email2.Bcc],
  ['replyTo', Email.ReplyTo],
] as const;

// As the server writes addresses everywhere: what cannot be read shows at once, not when the draft is sent.
function readList(value: string): string {
  try {
    return readAddresses(value).map(writeAddress).join(', ');
  } catch (error) {
    throw error instanceof MailError ? malformed() : error;
  }
}

function readNumber(value: string, most: number): number {
  if (!/^\d$/.test(value) || Number(value) > most) throw malformed();
  return Number(value);
}

// MS-ASCMD 2.2.2 Common Status Codes, 178: MIME beside the elements that say the same.
function readBody(body: Element): NonNullable<DraftData['body']> {
  const type = text(body, AirSyncBase.Type);
  const data = text(body, AirSyncBase.Data) ?? '';
  if (type === '1') return { text: data, html: undefined };
  if (type === '2') return { text: textOfHtml(data), html: data };
  throw new StatusError(CommonStatus.InvalidMimeBodyCombination, 'a draft is plain text or HTML');
}

function readFile(add: Element): NewFile {
  const content = child(add, AirSyncBase.Content)?.content;
  const octets = typeof content === 'string' ? Buffer.from(content, 'base64') : content;
  const name = text(add, AirSyncBase.DisplayName) ?? '';
  const clientId = text(add, AirSyncBase.ClientId) ?? '';
  if (!(octets instanceof Uint8Array) || name === '' || clientId === '') throw malformed();
  return {
    clientId: withinLimit(clientId, limits.keyCharacters),
    name: withinLimit(name, limits.fileNameCharacters),
    contentType: withinLimit(text(add, AirSyncBase.ContentType) || 'application/octet-stream', 255),
    contentId: text(add, AirSyncBase.ContentId) || undefined,
    isInline: text(add, AirSyncBase.IsInline) === '1',
    octets,
  };
}

function readReference(removed: Element): string {
  return withinLimit(text(removed, AirSyncBase.FileReference) ?? '', limits.keyCharacters);
}

function withinLimit(value: string, characters: number): string {
  if (value.length > characters) throw malformed();
  return value;
}

function malformed(): StatusError {
  return new StatusError(SyncStatus.ConversionError, 'a draft with a value that is none');
}
