// A message as the TPDUs that a modem sends.

import { type MessageContent, messageParts } from '../../../sms/tpdu/message-parts.js';
import { addressOf } from '../../../sms/tpdu/address.js';
import { encodeSubmit } from '../../../sms/tpdu/submit.js';
import type { UserData } from '../../../sms/tpdu/user-data.js';
import { validityUntil } from '../../../sms/tpdu/validity-period.js';
import type { Message } from '../../../store/tables.js';

export type SentText = Pick<Message, 'recipient' | 'text' | 'properties' | 'expiresAt'>;

/** The number of its parts, and whose letters may be written in GSM 7 bit. */
export type Writing = Pick<MessageContent, 'reference' | 'referenceBits' | 'nationalLanguages'>;

/** The user data of each part. Throws TpduError. */
export function partsOf({ text, properties }: SentText, writing: Writing): UserData[] {
  const { data, udh, dcs } = properties ?? {};
  const content = data === undefined ? { text } : { data: Buffer.from(data, 'base64') };
  return messageParts({
    ...content,
    ...(udh !== undefined && { udh: Buffer.from(udh, 'base64') }),
    dataCodingScheme: dcs,
    ...writing,
  });
}

export interface SubmitOptions {
  reportWanted: boolean;
  /** Some service centres take no validity period. */
  hasValidity: boolean;
  now: number;
}

/** Throws TpduError. */
export function writeSubmit(message: SentText, part: UserData, options: SubmitOptions): Uint8Array {
  const { reportWanted, hasValidity, now } = options;
  return encodeSubmit({
    ...part,
    destination: addressOf(message.recipient),
    protocolIdentifier: message.properties?.pid ?? 0,
    reportWanted,
    validity: hasValidity ? validityUntil(message.expiresAt, now) : undefined,
  });
}
