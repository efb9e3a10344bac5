// The parameters of `/sms/`, from the query, a form or a JSON object, or from more than one of them.

import { isUtf8 } from 'node:buffer';
import { HttpError } from './errors.js';
import { readPairs } from './form.js';

/** Others that a caller sends are ignored. */
export const smsParameters = ['number', 'data', 'user', 'pass', 'id', 'sender', 'maxmsgs'] as const;
export type SmsParameter = (typeof smsParameters)[number];
export type SmsParameters = { [Name in SmsParameter]?: string };

const known = new Set<string>(smsParameters);

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
  const parameters: SmsParameters = {};
  const take = (name: string, value: string): void => {
    if (known.has(name)) takeOnce(parameters, name as SmsParameter, value);
  };
  readPairs(request.query, take);
  if (request.body !== undefined && request.body.length > 0) readBody(request, request.body, take);
  return parameters;
}

function takeOnce(parameters: SmsParameters, name: SmsParameter, value: string): void {
  if (parameters[name] !== undefined || noText.test(value)) throw new HttpError('BAD_PARAMETER', name);
  parameters[name] = value;
}

type Take = (name: string, value: string) => void;

function readBody(request: SmsRequest, body: Uint8Array, take: Take): void {
  const { contentEncoding = 'identity' } = request;
  if (contentEncoding !== 'identity' || !isUtf8(body)) throw new HttpError('UNREADABLE_BODY');
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const mediaType = request.contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') readPairs(text, take);
  else if (mediaType === 'application/json') readJson(text, take);
  else throw new HttpError('UNREADABLE_BODY');
}

function readJson(text: string, take: Take): void {
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (typeof value === 'string') take(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') take(name, String(value));
    else if (known.has(name)) throw new HttpError('BAD_PARAMETER', name);
  }
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

/** A count of parts, 1 or more. Throws HttpError BAD_PARAMETER. */
export function readMaxParts(written: string | undefined): number | undefined {
  if (written === undefined || written === '') return undefined;
  const parts = /^\d{1,9}$/.test(written) ? Number(written) : 0;
  if (parts < 1) throw new HttpError('BAD_PARAMETER', 'maxmsgs');
  return parts;
}
