// What somebody types to a virtual phone, one line each: a text that reaches it, an answer, a mail.

import { PhoneError } from '../phone/errors.js';
import type { PhoneErrorCode } from '../phone/errors.js';
import type { Phone } from '../phone/phone.js';
import { withoutLengthOctet } from '../sms/user-data-header.js';
import { CliError } from './errors.js';

export const inputForms =
  '"+1555… TEXT", "push +1555… UDH DATA", "reply SERVERID TEXT" or "mail ADDRESS[,ADDRESS] [SUBJECT |] TEXT"';

/** Resolves when the server has it, or the phone has told why not. Throws CliError where nothing comes of the line. */
export async function obey(
  phone: Pick<Phone, 'receive' | 'receivePush' | 'reply' | 'sendMail'>,
  line: string,
): Promise<void> {
  if (line.trim() === '') return;
  const [, verb = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
  if (verb === 'push') return push(phone, rest);
  try {
    if (verb === 'reply') await reply(phone, rest);
    else if (verb === 'mail') await mail(phone, rest);
    else if (rest === '') throw notUnderstood();
    else await phone.receive({ from: verb, text: rest });
  } catch (error) {
    if (!(error instanceof PhoneError)) throw error;
    const reason = reasons[error.code];
    // What was refused or cut short, the phone has told as an event.
    if (reason !== undefined) throw new CliError('NOT_DONE', reason, error);
  }
}

const reasons: Partial<Record<PhoneErrorCode, string>> = {
  NO_TEXTS: 'this phone knows mail alone, so no text reaches it; another phone of the user may receive it',
  UNKNOWN_ITEM: 'the phone holds no item with this ServerId',
};

// NUMBER, the user data header with or without its length octet, and the octets; all parts, one line each.
function push(phone: Pick<Phone, 'receivePush'>, rest: string): void {
  const [from = '', header = '', data = '', ...more] = rest.split(/\s+/);
  const isWritten = [header, data].every((digits) => /^([0-9a-f]{2})+$/i.test(digits));
  if (!isWritten || more.length > 0) throw notUnderstood();
  phone.receivePush({ from, udh: withoutLengthOctet(Buffer.from(header, 'hex')), data: Buffer.from(data, 'hex') });
}

async function reply(phone: Pick<Phone, 'reply'>, rest: string): Promise<void> {
  const { first: serverId, text } = halves(rest);
  await phone.reply({ serverId, text });
}

async function mail(phone: Pick<Phone, 'sendMail'>, rest: string): Promise<void> {
  const { first, text: said } = halves(rest);
  const to = first.split(',').filter((address) => address !== '');
  const [, subject, text] = /^(.*?)\s+\|\s+(.*)$/.exec(said) ?? [undefined, beginningOf(said), said];
  await phone.sendMail({ to, subject: subject ?? '', text: text ?? '' });
}

function halves(rest: string): { first: string; text: string } {
  const [, first, text] = /^(\S+)\s+(.+)$/.exec(rest) ?? [];
  if (first === undefined || text === undefined) throw notUnderstood();
  return { first, text };
}

const SUBJECT_CHARACTERS = 60;

function beginningOf(text: string): string {
  if (text.length <= SUBJECT_CHARACTERS) return text;
  return `${text.slice(0, SUBJECT_CHARACTERS).replace(/\s+\S*$/, '')}…`;
}

function notUnderstood(): CliError {
  return new CliError('WRONG_USAGE', `a line is ${inputForms}`);
}
