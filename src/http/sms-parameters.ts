// The parameters of `/sms/`, from the query, a form or a JSON object, or from more than one of them.

import { isUtf8 } from 'node:buffer';
import { behindScheme, readRecipient, readSmsUri } from '../sms/sms-uri.js';
import { HttpError } from './errors.js';
import { readPairs } from './form.js';

// Each once; `value` beside them as often as its sender likes. Others are ignored.
const names = [
  'number',
  'data',
  'binary',
  'udh',
  'pid',
  'dcs',
  'user',
  'pass',
  'maxmsgs',
  'sender',
  'authenticated',
  'reply',
  'id',
  'msgid',
] as const;
type Name = (typeof names)[number];

const known = new Set<string>(names);

/** As written, but for `numbers`, which stand for what the parameter `number` holds. */
export type SmsParameters = { [N in Exclude<Name, 'number'>]?: string } & { numbers?: string[]; values?: string[] };

// Half of a surrogate pair is no character, and PostgreSQL keeps no U+0000.
const noText = /[\0\p{Surrogate}]/u;

export interface SmsRequest {
  /** As it stands in the URL, without the question mark. */
  query: string;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  body: Uint8Array | undefined;
}

/** Throws HttpError BAD_PARAMETER, UNREADABLE_BODY. */
export function readSmsParameters(request: SmsRequest): SmsParameters {
  const reading = new Reading();
  readPairs(request.query, reading.take);
  if (request.body !== undefined && request.body.length > 0) readBody(request, request.body, reading);
  return reading.parameters;
}

/** What one request has said so far. */
class Reading {
  readonly parameters: SmsParameters = {};
  /** The pair before was `value=`: what follows without being ours is what it passes on, `value=&unicode=1`. */
  #isValueOpen = false;

  readonly take = (name: string, value: string): void => {
    const isValueOpen = this.#isValueOpen;
    this.#isValueOpen = name === 'value' && value === '';
    if (known.has(name)) this.#takeOnce(name as Name, value);
    else if (name === 'value') this.#pass(value);
    else if (isValueOpen) this.#pass(`&${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  };

  /** Several are those of one array. */
  takeNumbers(written: readonly string[]): void {
    if (this.parameters.numbers !== undefined) throw new HttpError('BAD_PARAMETER', 'number');
    const numbers: string[] = (this.parameters.numbers = []);
    for (const each of written.flatMap(splitNumbers)) this.#takeNumber(each, numbers);
  }

  #takeOnce(name: Name, value: string): void {
    if (name === 'number') return this.takeNumbers([value]);
    const isBad = this.parameters[name] !== undefined || noText.test(value);
    if (isBad) throw new HttpError('BAD_PARAMETER', name);
    this.parameters[name] = value;
  }

  // RFC 5724 2.2: the text of an `sms:` URI is called its body.
  #takeNumber(written: string, numbers: string[]): void {
    const behind = behindScheme(written);
    if (behind === undefined) return void numbers.push(readPlain(written));
    const { recipients, parameters } = readSmsUri(behind);
    numbers.push(...recipients);
    for (const [name, value] of parameters) this.take(name === 'body' ? 'data' : name, value);
  }

  #pass(value: string): void {
    if (noText.test(value)) throw new HttpError('BAD_PARAMETER', 'value');
    (this.parameters.values ??= []).push(value);
  }
}

/** At commas, but for those of a URI. */
function splitNumbers(written: string): string[] {
  if (!written.includes(',')) return [written];
  const groups = written.split(/,(?=\s*sms(?:to)?:)/i);
  return groups.flatMap((group) => (behindScheme(group) === undefined ? group.split(',') : [group]));
}

function readPlain(written: string): string {
  return written.includes(';interprefix=') ? readRecipient(written) : written;
}

function readBody(request: SmsRequest, body: Uint8Array, reading: Reading): void {
  const { contentEncoding = 'identity' } = request;
  if (contentEncoding !== 'identity' || !isUtf8(body)) throw new HttpError('UNREADABLE_BODY');
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const mediaType = request.contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') readPairs(text, reading.take);
  else if (mediaType === 'application/json') readJson(text, reading);
  else throw new HttpError('UNREADABLE_BODY');
}

function readJson(text: string, reading: Reading): void {
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (name === 'number') reading.takeNumbers(readTexts(name, value));
    else if (name === 'value') for (const each of readTexts(name, value)) reading.take(name, each);
    else if (known.has(name)) reading.take(name, readText(name, value));
  }
}

function readTexts(name: string, value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((each) => readText(name, each));
}

/** `null` is what a template writes for nothing. A number of 17 digits is no longer the one that was written. */
function readText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
  throw new HttpError('BAD_PARAMETER', name);
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError('UNREADABLE_BODY');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HttpError('UNREADABLE_BODY');
  return value;
}
