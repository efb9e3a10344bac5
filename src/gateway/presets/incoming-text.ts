// Numbers, times and headers of incoming texts, as providers write them.

import { InformationElement, withoutLengthOctet, writeUserDataHeader } from '../../sms/user-data-header.js';
import { limits } from './limits.js';
import { sha256 } from './signatures.js';
import { refuse } from './webhook-fields.js';

/**
 * With a plus where a provider leaves it out. Short codes, words and numbers with a leading 0 stay as they are: no number is
 * shorter than 8 digits with its country in front, and no country begins with 0.
 */
export function international(written: string): string {
  return /^[1-9]\d{7,14}$/.test(written) ? `+${written}` : written;
}

/** `undefined` for what is no time: a text is not refused for that. */
export function readTime(written: string | undefined): number | undefined {
  const instant = written === undefined || written.length > 40 ? Number.NaN : Date.parse(written);
  return instant > 0 ? instant : undefined;
}

/** A time such as `2018-10-25 12:10:29`, in the zone that the provider's document names. */
export function readZonedTime(written: string | undefined, zone: string): number | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(written ?? '') ?? [];
  return readTime(day && `${day}T${time}${zone}`);
}

/** Throws WebhookError BAD_WEBHOOK, naming the field. */
export function readHex(written: string, field: string): Uint8Array {
  return /^(?:[0-9a-f]{2})*$/i.test(written) ? Buffer.from(written, 'hex') : refuse(field);
}

/** Throws WebhookError BAD_WEBHOOK, naming the field. */
export function readBase64(written: string, field: string): Uint8Array {
  // A plus that nobody escaped has become a space.
  const encoded = written.replaceAll(' ', '+');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(encoded) ? Buffer.from(encoded, 'base64') : refuse(field);
}

/** A user data header in hex, with its length octet or without. Throws WebhookError BAD_WEBHOOK. */
export function readHeader(written: string | undefined): { udh: Uint8Array } | undefined {
  return written ? { udh: withoutLengthOctet(readHex(written, 'udh')) } : undefined;
}

export interface Part {
  /** The same for all parts, as the provider writes it. */
  reference: string;
  total: number;
  /** From 1. */
  part: number;
}

/** For a provider that takes parts out of their headers and does not join them. TS 23.040 9.2.3.24 TP-User Data (TP-UD) */
export function headerOfPart({ reference, total, part }: Part): { udh: Uint8Array } | undefined {
  const isPart =
    Number.isInteger(total) && Number.isInteger(part) && total > 1 && total < 256 && part > 0 && part <= total;
  if (!isPart) return undefined;
  const octets = sha256(reference);
  const number = /^\d{1,5}$/.test(reference) && Number(reference) < 65_536 ? Number(reference) : octets.readUInt16BE();
  const data = Uint8Array.of(number >> 8, number & 0xff, total, part);
  return { udh: writeUserDataHeader([{ identifier: InformationElement.Concatenation16, data }]) };
}

/** What a provider says of a failure, on one line. */
export function readReason(...said: readonly (string | undefined)[]): string | undefined {
  const words = said.filter((word) => word !== undefined && word !== '').join(': ');
  const line = words.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line === '' ? undefined : line.slice(0, limits.reasonCharacters);
}
