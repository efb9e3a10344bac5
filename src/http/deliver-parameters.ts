// The parameters of `/sms/deliver.html`, from the query, a form, or both.

import { isUtf8 } from 'node:buffer';
import type { ReceivedText } from '../message/receive.js';
import { withoutLengthOctet } from '../sms/user-data-header.js';
import { readBase64 } from '../sms/written-binary.js';
import { HttpError } from './errors.js';
import { readPairs } from './form.js';

// Others that a caller sends are ignored.
const names = ['id', 'pass', 'number', 'data', 'binary', 'udh', 'msgid', 'dcs', 'pid'] as const;
type Name = (typeof names)[number];
export type DeliverParameters = { [N in Name]?: string };

const known = new Set<string>(names);

export interface DeliverRequest {
  /** As it stands in the URL, without the question mark. */
  query: string;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  body: Uint8Array | undefined;
}

/** Throws HttpError BAD_PARAMETER, UNREADABLE_BODY. */
export function readDeliverParameters(request: DeliverRequest): DeliverParameters {
  const parameters: DeliverParameters = {};
  const take = (name: string, value: string): void => {
    if (!known.has(name)) return;
    if (parameters[name as Name] !== undefined) throw new HttpError('BAD_PARAMETER', name);
    parameters[name as Name] = value;
  };
  readPairs(request.query, take);
  if (request.body !== undefined && request.body.length > 0) readPairs(readForm(request, request.body), take);
  return parameters;
}

function readForm({ contentType, contentEncoding = 'identity' }: DeliverRequest, body: Uint8Array): string {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  const isForm = mediaType === 'application/x-www-form-urlencoded' && contentEncoding === 'identity';
  if (!isForm || !isUtf8(body)) throw new HttpError('UNREADABLE_BODY');
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

/** What they bring. Throws HttpError BAD_PARAMETER. */
export function readDelivered(parameters: DeliverParameters, gateway: string): ReceivedText {
  const { number = '', data = '', udh = '', msgid } = parameters;
  if (number.trim() === '') throw new HttpError('BAD_PARAMETER', 'number');
  const isBinary = readBinary(parameters.binary);
  return {
    gateway,
    reference: msgid,
    sender: number,
    text: isBinary ? '' : data,
    data: isBinary ? readOctets(data, 'data') : undefined,
    udh: udh === '' ? undefined : withoutLengthOctet(readOctets(udh, 'udh')),
    dcs: readOctet(parameters.dcs, 'dcs'),
    pid: readOctet(parameters.pid, 'pid'),
  };
}

function readBinary(written = ''): boolean {
  if (!/^[01]?$/.test(written)) throw new HttpError('BAD_PARAMETER', 'binary');
  return written === '1';
}

function readOctet(written: string | undefined, name: Name): number | undefined {
  if (written === undefined || written === '') return undefined;
  if (!/^\d{1,3}$/.test(written) || Number(written) > 255) throw new HttpError('BAD_PARAMETER', name);
  return Number(written);
}

function readOctets(written: string, name: Name): Uint8Array {
  const octets = readBase64(written);
  if (octets === undefined) throw new HttpError('BAD_PARAMETER', name);
  return octets;
}
