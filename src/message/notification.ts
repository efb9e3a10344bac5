// The words of a notification: a template filled with what a mail says of itself. The document, *sms: Protocol*.

import type { ParsedMail } from '../mail/parse.js';
import { ownWords } from '../mail/plain-text.js';
import { limits } from './limits.js';

type Fill = (mail: ParsedMail, octets: number) => string;

// Names as the document writes variables, in lower case.
const variables: Readonly<Record<string, Fill>> = {
  subject: ({ subject }) => subject,
  from: ({ from }) => from?.address ?? '',
  from_name: ({ from }) => from?.name ?? from?.address ?? '',
  from_alias: ({ from }) => from?.address.replace(/@[^@]*$/, '') ?? '',
  from_domain: ({ from }) => /@([^@]*)$/.exec(from?.address ?? '')?.[1] ?? '',
  to: ({ to }) => to.map(({ address }) => address).join(', '),
  date: ({ date }) => (date === undefined ? '' : new Date(date).toISOString().slice(0, 16).replace('T', ' ')),
  size: (_mail, octets) => writeSize(octets),
  body: ({ text }) => ownWords(text).slice(0, limits.wordsCharacters).trim(),
  attachments: ({ attachments }) => attachments.map(({ name }) => name).join(', '),
};

const variable = /%%([a-z_]{1,40})%%/gi;

/** Names that no mail has a value for. */
export function unknownVariables(template: string): string[] {
  const names = [...template.matchAll(variable)].map(([, name = '']) => name.toLowerCase());
  return names.filter((name) => !Object.hasOwn(variables, name));
}

export function fillTemplate(template: string, mail: ParsedMail, octets: number): string {
  return template.replace(variable, (_, name: string) => variables[name.toLowerCase()]?.(mail, octets) ?? '').trim();
}

/** `812 B`, `4 KB`, `1.2 MB` */
function writeSize(octets: number): string {
  if (octets < 1_000) return `${octets} B`;
  return octets < 1_000_000 ? `${Math.round(octets / 1_000)} KB` : `${(octets / 1_000_000).toFixed(1)} MB`;
}
