// Content types as WSP writes them: a number where there is one, and the parameters of signed configurations.
// WAP-230-WSP 8.4.2.24 Content type field; WAP-230-WSP 8.4.2.1 Basic rules; WAP-230-WSP A Assigned Numbers

import { PushError } from '../errors.js';
import { type Octets } from '../octets.js';
import { readInteger, readLength, skipValue, writeLength, writeLongInteger } from './values.js';

// Numbers from 0x100 on are registered with the Open Mobile Naming Authority.
const numbers: Readonly<Record<string, number>> = {
  'text/plain': 0x03,
  'text/x-vcalendar': 0x06,
  'text/x-vcard': 0x07,
  'application/vnd.wap.sic': 0x2e,
  'application/vnd.wap.slc': 0x30,
  'application/vnd.wap.connectivity-wbxml': 0x36,
  'application/vnd.syncml.dm+wbxml': 0x42,
  'application/vnd.syncml.notification': 0x44,
  'application/vnd.syncml.ds.notification': 0x4e,
  'application/vnd.nokia.syncset+wbxml': 0x020b,
  'application/vnd.syncml+wbxml': 0x0303,
  'text/calendar': 0x0305,
  'application/vnd.omads-email+xml': 0x0306,
  'text/directory;profile=vCard': 0x0309,
};
const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));

/** The MIME type of a number, as sync databases name what they hold. */
export function mimeTypeOf(number: number): string | undefined {
  return names.get(number);
}

// WAP-230-WSP A, Table 38: Well-Known Parameter Assignments
const Parameter = { Charset: 0x01, Sec: 0x11, Mac: 0x12 } as const;
const UTF_8 = 106; // IANA MIBenum
const LAST_SHORT_LENGTH = 30;

export interface ContentType {
  /** A MIME type, or one of a number without a name as `0x1234`. */
  readonly type: string;
  readonly isUtf8?: boolean;
  /** How a configuration is proved: OMA-WAP-ProvBoot Security */
  readonly sec?: number;
  /** 40 hexadecimal digits in upper case. */
  readonly mac?: string;
}

export function writeContentType(contentType: ContentType): Uint8Array {
  const { type } = contentType;
  const number = numbers[type];
  const parameters = writeParameters(contentType);
  if (number !== undefined && number < 0x80 && parameters.length === 0) return Uint8Array.of(number | 0x80);
  const media = number === undefined ? writeText(type) : writeMedia(number);
  return Buffer.concat([writeLength(media.length + parameters.length), media, parameters]);
}

function writeMedia(number: number): Uint8Array {
  return number < 0x80 ? Uint8Array.of(number | 0x80) : writeLongInteger(number);
}

function writeParameters({ isUtf8, sec, mac }: ContentType): Uint8Array {
  return Buffer.concat([
    isUtf8 ? Uint8Array.of(0x80 | Parameter.Charset, 0x80 | UTF_8) : Uint8Array.of(),
    sec === undefined ? Uint8Array.of() : Uint8Array.of(0x80 | Parameter.Sec, 0x80 | sec),
    mac === undefined ? Uint8Array.of() : Buffer.concat([Uint8Array.of(0x80 | Parameter.Mac), writeText(mac)]),
  ]);
}

function writeText(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'latin1');
}

/** @throws PushError TRUNCATED, BAD_PDU */
export function readContentType(octets: Octets): ContentType {
  const first = octets.peek();
  if (first > LAST_SHORT_LENGTH + 1) return { type: readMedia(octets) };
  const field = octets.part(readLength(octets));
  const type = readMedia(field);
  let parameters: Omit<ContentType, 'type'> = {};
  while (!field.isAtEnd) parameters = { ...parameters, ...readParameter(field) };
  return { type, ...parameters };
}

function readMedia(octets: Octets): string {
  const first = octets.peek();
  if (first > LAST_SHORT_LENGTH && first < 0x80) return octets.text();
  const number = readInteger(octets);
  return names.get(number) ?? `0x${number.toString(16).padStart(2, '0')}`;
}

function readParameter(field: Octets): Omit<ContentType, 'type'> {
  const at = field.position;
  const name = field.octet();
  if (name < 0x80) {
    // A name that is written out, with its value.
    if (name <= LAST_SHORT_LENGTH + 1) throw new PushError('BAD_PDU', { offset: at });
    field.text();
    skipValue(field);
    return {};
  }
  switch (name & 0x7f) {
    case Parameter.Charset:
      return { isUtf8: readInteger(field) === UTF_8 };
    case Parameter.Sec:
      return { sec: readInteger(field) };
    case Parameter.Mac:
      return { mac: field.text() };
  }
  skipValue(field);
  return {};
}
