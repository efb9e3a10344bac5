// What the address of a number asks for: `sms:+12025550101?maxmsgs=3&id=modem1`. The names are those of `/sms/`.

import type { TextRecipient } from '../mail/address.js';
import type { BinaryMessage } from '../sms/binary-parts.js';
import { readBinary } from '../sms/written-binary.js';
import { readWrittenFlag } from '../sms/written-flag.js';
import { MessageError } from './errors.js';
import type { Submission } from './submit.js';

export interface AddressWishes extends Pick<
  Submission,
  'numbers' | 'maxParts' | 'pid' | 'dcs' | 'gateway' | 'sender' | 'reply' | 'values'
> {
  /** The mail holds base64 of octets. */
  binary: { udh: string | undefined } | undefined;
}

/** Throws MessageError BAD_PARAMETER. */
export function readWishes({ number, parameters }: TextRecipient): AddressWishes {
  const isBinary = readFlag(parameters, 'binary');
  const udh = parameters.get('udh') || undefined;
  if (udh !== undefined && !isBinary) throw new MessageError('BAD_PARAMETER', 'udh');
  return {
    numbers: [number],
    maxParts: readCount(parameters.get('maxmsgs')),
    pid: readCount(parameters.get('pid')),
    dcs: readCount(parameters.get('dcs')),
    gateway: parameters.get('id') || undefined,
    sender: parameters.get('sender') || undefined,
    reply: parameters.get('reply') || undefined,
    values: [parameters.get('value') ?? ''],
    binary: isBinary ? { udh } : undefined,
  };
}

/** Written out: to spread objects into each other took as long as all else that is done for a mail. */
export function submissionOf(
  { numbers, maxParts, pid, dcs, gateway, sender, reply, values }: AddressWishes,
  { text, binary }: Pick<Submission, 'text' | 'binary'>,
  origin: Submission['origin'],
): Submission {
  return { numbers, text, binary, maxParts, pid, dcs, gateway, sender, reply, values, origin };
}

/** Throws MessageError BAD_PARAMETER where the mail should be base64 and is not. */
export function contentOf(
  { binary }: AddressWishes,
  { words, whole }: { words: string; whole: string },
): { text: string; binary?: BinaryMessage } {
  if (!binary) return { text: words };
  const octets = readBinary({ data: whole.trim(), udh: binary.udh });
  if (octets === undefined) throw new MessageError('BAD_PARAMETER', 'binary');
  return { text: '', binary: octets };
}

/** Throws MessageError BAD_PARAMETER. */
export function readFlag(parameters: ReadonlyMap<string, string>, name: string): boolean {
  const flag = readWrittenFlag(parameters.get(name));
  if (flag === undefined) throw new MessageError('BAD_PARAMETER', name);
  return flag;
}

function readCount(written: string | undefined): number | undefined {
  if (written === undefined || written === '') return undefined;
  // What is no count is refused as one out of range.
  return /^\d{1,9}$/.test(written) ? Number(written) : Number.NaN;
}
