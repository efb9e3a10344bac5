// The connectionless push of WSP: what stands between the user data header of a short message and what it carries.
// WAP-230-WSP 8.2.4.1 Push and ConfirmedPush
//
//    TID  06  HeadersLen  Content-Type  headers …  body
//    01   06  03          CE            AF 85      …
//
// HeadersLen counts Content-Type and headers. CE: application/vnd.syncml.ds.notification; AF 85: for push.syncml.

import { PushError } from '../errors.js';
import { Octets } from '../octets.js';
import { type ContentType, readContentType, writeContentType } from './content-type.js';
import { readInteger, readUintvar, skipValue, writeUintvar } from './values.js';

const PUSH = 0x06;
// WAP-230-WSP A, Table 39: Header Field Name Assignments
const X_WAP_APPLICATION_ID = 0x2f;
const LAST_CODE_PAGE = 0x1f;

// OMNA WAP Application IDs: push.syncml and syncml.dm
export const ApplicationId = { SyncMl: 0x05, SyncMlDm: 0x07 } as const;

export interface PushPdu {
  /** TID; any octet, and 1 is usual. */
  readonly transactionId: number;
  readonly contentType: ContentType;
  readonly applicationId?: number | undefined;
  readonly body: Uint8Array;
}

export function writePushPdu({ transactionId, contentType, applicationId, body }: PushPdu): Uint8Array {
  const application =
    applicationId === undefined ? Uint8Array.of() : Uint8Array.of(0x80 | X_WAP_APPLICATION_ID, 0x80 | applicationId);
  const headers = Buffer.concat([writeContentType(contentType), application]);
  return Buffer.concat([Uint8Array.of(transactionId, PUSH), writeUintvar(headers.length), headers, body]);
}

/** @throws PushError TRUNCATED, BAD_PDU */
export function readPushPdu(pdu: Uint8Array): PushPdu {
  const octets = new Octets(pdu);
  const transactionId = octets.octet();
  if (octets.octet() !== PUSH) throw new PushError('BAD_PDU', { offset: 1 });
  const headers = octets.part(readUintvar(octets));
  const contentType = readContentType(headers);
  const applicationId = readApplicationId(headers);
  return { transactionId, contentType, ...(applicationId !== undefined && { applicationId }), body: octets.rest };
}

function readApplicationId(headers: Octets): number | undefined {
  let found: number | undefined;
  while (!headers.isAtEnd) {
    const first = headers.peek();
    if (first === (0x80 | X_WAP_APPLICATION_ID)) {
      headers.octet();
      if (headers.peek() >= 0x80) found = readInteger(headers);
      else skipValue(headers);
    } else skipHeader(headers, first);
  }
  return found;
}

function skipHeader(headers: Octets, first: number): void {
  if (first <= LAST_CODE_PAGE) return void headers.octet();
  // A name that is a number, or is written out.
  if (first >= 0x80) headers.octet();
  else headers.text();
  skipValue(headers);
}
