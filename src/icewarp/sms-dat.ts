// sms.dat at its three levels, smsusers.dat and smsstat.dat: lines of fields with colons between them.
//
//   user:password:gateway:description:maxsend:sent:lastsent:prevsent:expire:inactive
//   user:sent:lastsent:prevsent                      smsstat.dat; its form is an assumption

import { readDelphiDate, writeDelphiDate } from './delphi-date.js';

/** One line of sms.dat or smsusers.dat. */
export interface SmsLine {
  user: string;
  password: string;
  gateway: string;
  description: string;
  monthlyLimit: number;
  sentThisMonth: number;
  /** Epoch seconds; 0 for never. */
  lastSent: number;
  sentPreviousMonth: number;
  /** The last day, such as `2009-09-30`. */
  expires: string | undefined;
  active: boolean;
}

export interface StatLine {
  user: string;
  sentThisMonth: number;
  lastSent: number;
  sentPreviousMonth: number;
}

/** What was read, and why the other lines were not: each complaint names its line. */
export interface Read<T> {
  lines: T[];
  complaints: string[];
}

const names = [
  'user',
  'password',
  'gateway',
  'description',
  'maxsend',
  'sent',
  'lastsent',
  'prevsent',
  'expire',
  'inactive',
];

export function readSmsDat(text: string): Read<SmsLine> {
  return readLines(text, (fields) => {
    if (fields.length > names.length) throw new Error('it has more than ten fields');
    const [user = '', password = '', gateway = '', description = '', ...others] = fields;
    const [maxsend, sent, lastsent, prevsent, expire = '', inactive = ''] = others;
    if (expire !== '' && !/^\d{1,7}(\.\d+)?$/.test(expire)) throw new Error('expire is no Delphi date');
    if (!/^[01]?$/.test(inactive)) throw new Error('inactive is neither 0 nor 1');
    return {
      ...{ user, password, gateway, description },
      monthlyLimit: readCount(maxsend, 'maxsend'),
      sentThisMonth: readCount(sent, 'sent'),
      lastSent: readCount(lastsent, 'lastsent'),
      sentPreviousMonth: readCount(prevsent, 'prevsent'),
      expires: readDelphiDate(expire),
      active: inactive !== '1',
    };
  });
}

/** Throws where a field holds what would end it: the caller tells whose it is. */
export function writeSmsDat(lines: readonly SmsLine[]): string {
  return writeLines(
    lines.map((line) => [
      line.user,
      line.password,
      line.gateway,
      line.description,
      line.monthlyLimit,
      line.sentThisMonth,
      line.lastSent,
      line.sentPreviousMonth,
      writeDelphiDate(line.expires),
      line.active ? 0 : 1,
    ]),
  );
}

export function readSmsStat(text: string): Read<StatLine> {
  return readLines(text, (fields) => {
    if (fields.length > 4) throw new Error('it has more than four fields');
    const [user = '', sent, lastsent, prevsent] = fields;
    return {
      user,
      sentThisMonth: readCount(sent, 'sent'),
      lastSent: readCount(lastsent, 'lastsent'),
      sentPreviousMonth: readCount(prevsent, 'prevsent'),
    };
  });
}

export function writeSmsStat(lines: readonly StatLine[]): string {
  return writeLines(
    lines.map(({ user, sentThisMonth, lastSent, sentPreviousMonth }) => [
      user,
      sentThisMonth,
      lastSent,
      sentPreviousMonth,
    ]),
  );
}

/** What a field can hold: no colon, and no end of a line. */
export function isFieldText(text: string): boolean {
  return !/[:\r\n]/.test(text);
}

function readLines<T>(text: string, read: (fields: string[]) => T): Read<T> {
  const lines: T[] = [];
  const complaints: string[] = [];
  for (const [n, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    try {
      lines.push(read(line.split(':')));
    } catch (error) {
      complaints.push(`line ${n + 1}: ${(error as Error).message}`);
    }
  }
  return { lines, complaints };
}

function readCount(written: string | undefined, name: string): number {
  if (written === undefined || written.trim() === '') return 0;
  if (!/^\d{1,12}$/.test(written.trim())) throw new Error(`${name} is no number`);
  return Number(written);
}

function writeLines(lines: readonly (string | number)[][]): string {
  return lines.map((fields) => `${fields.join(':')}\n`).join('');
}
