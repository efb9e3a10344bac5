// What a request to `/sms/` wants sent, from its parameters as they are written.

import type { Submission } from '../message/submit.js';
import type { BinaryMessage } from '../sms/binary-parts.js';
import { readBinary } from '../sms/written-binary.js';
import { readWrittenFlag } from '../sms/written-flag.js';
import { HttpError } from './errors.js';
import type { SmsParameters } from './sms-parameters.js';

/** For nobody yet. An empty parameter is one the caller's template had no value for. Throws HttpError BAD_PARAMETER. */
export function readSmsContent(parameters: SmsParameters): Submission {
  const { numbers = [], data = '', values } = parameters;
  const binary = readFlag(parameters, 'binary') ? readOctets(parameters) : undefined;
  if (!binary && parameters.udh) throw new HttpError('BAD_PARAMETER', 'udh');
  return {
    user: undefined,
    origin: 'http',
    numbers,
    text: binary ? '' : data,
    binary,
    pid: readCount(parameters, 'pid'),
    dcs: readCount(parameters, 'dcs'),
    maxParts: readCount(parameters, 'maxmsgs'),
    gateway: parameters.id || undefined,
    sender: parameters.sender || undefined,
    values,
    reply: parameters.reply || undefined,
    msgid: parameters.msgid || undefined,
    idempotency: undefined,
  };
}

/** Throws HttpError BAD_PARAMETER. */
export function readFlag<N extends 'binary' | 'authenticated'>(
  parameters: { readonly [name in N]?: string | undefined },
  name: N,
): boolean {
  const flag = readWrittenFlag(parameters[name]);
  if (flag === undefined) throw new HttpError('BAD_PARAMETER', name);
  return flag;
}

function readOctets({ data = '', udh }: SmsParameters): BinaryMessage {
  const binary = readBinary({ data, udh });
  if (binary === undefined) throw new HttpError('BAD_PARAMETER', 'data');
  return binary;
}

/** A whole number of three digits at most: what is too large of them, and 0 parts, is refused further in. */
function readCount(parameters: SmsParameters, name: 'pid' | 'dcs' | 'maxmsgs'): number | undefined {
  const written = parameters[name];
  if (written === undefined || written === '') return undefined;
  if (!/^\d{1,3}$/.test(written)) throw new HttpError('BAD_PARAMETER', name);
  return Number(written);
}
