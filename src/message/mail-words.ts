// What of a mail becomes a text. See docs/decisions/0011 and 0130.

import type { ParsedMail } from '../mail/parse.js';
import { ownWords } from '../mail/plain-text.js';
import type { MailSettings } from '../store/settings.js';
import { limits } from './limits.js';

/** The sender's own words, or else the names of the files, which cannot be sent. */
export function wordsOf(mail: ParsedMail, settings: MailSettings): string {
  return writtenWords(mail.text, settings) || filesOf(mail).join(', ');
}

/** The same of a mail that any program may have written: with its subject and the names of its files, as the settings ask. */
export function wordsOfProgram(mail: ParsedMail, settings: MailSettings): string {
  const body = writtenWords(mail.text, settings);
  if (body === '') return mail.subject || filesOf(mail).join(', ');
  const files = settings.nameAttachments ? filesOf(mail) : [];
  const lines = [settings.prefixSubject && mail.subject, body, files.length > 0 && `[${files.join(', ')}]`];
  return lines.filter((line) => typeof line === 'string' && line !== '').join('\n');
}

/** Of a mail as plain text. */
export function writtenWords(text: string, { cutHistory, cutSignature }: MailSettings): string {
  return ownWords(text, { history: cutHistory, signature: cutSignature }).slice(0, limits.wordsCharacters).trim();
}

// Of a mail that is signed or encrypted one of the files is its signature.
function filesOf({ attachments, isSecured }: ParsedMail): string[] {
  return isSecured ? [] : attachments.filter(({ isInline }) => !isInline).map(({ name }) => name);
}
