// An answer as it goes out: its octets, what they are, and the coding that makes them fewer.
// MS-ASHTTP 2.2.2 Response

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encode } from '../wbxml/encode.js';
import type { PromptAnswer } from './exchange.js';
import { limits } from './limits.js';
import { multipartType, writeMultipart } from './multipart.js';
import { type Headers, serverHeaders } from './protocol-headers.js';

export interface Written {
  readonly status: number;
  readonly headers: Headers;
  readonly octets: Buffer;
}

const documentType = 'application/vnd.ms-sync.wbxml';
const noOctets = Buffer.alloc(0);

const nothing: Written = { status: 200, headers: serverHeaders, octets: noOctets };
const plain: Headers = { ...serverHeaders, 'Content-Type': documentType };
const packable: Headers = { ...plain, Vary: 'Accept-Encoding' };
// MS-ASHTTP 2.2.2.1.1 Status-Line: 503 makes a device come back by itself.
const comeBack: Headers = { ...serverHeaders, 'Retry-After': '60' };
const packed: Headers = { ...packable, 'Content-Encoding': 'gzip' };

/** A promise only where the octets are packed, which happens beside this thread. */
export function writeAnswer(answer: PromptAnswer, packing: { isWanted: boolean }): Written | Promise<Written> {
  // MS-ASHTTP 2.2.2.1.1.1 Content-Type: only where there is a body.
  if (answer === undefined) return nothing;
  if (!('kind' in answer)) return writeDocument(view(encode(answer)), packing);
  switch (answer.kind) {
    case 'http':
      return { ...nothing, status: answer.status, headers: answer.status === 503 ? comeBack : serverHeaders };
    case 'octets':
      return writeOctets(answer.contentType, view(answer.octets));
    // Parts are attachments and photographs for the most part, which are packed already.
    case 'multipart':
      return writeOctets(multipartType, writeMultipart([encode(answer.root), ...answer.parts]));
  }
}

function writeOctets(type: string, octets: Buffer): Written {
  return { status: 200, headers: { ...serverHeaders, 'Content-Type': type }, octets };
}

function writeDocument(octets: Buffer, packing: { isWanted: boolean }): Written | Promise<Written> {
  if (octets.length < limits.packedFromOctets) return { status: 200, headers: plain, octets };
  if (!packing.isWanted) return { status: 200, headers: packable, octets };
  return pack(octets).then((fewer) => ({ status: 200, headers: packed, octets: fewer }));
}

const pack = promisify(gzip) as (octets: Buffer) => Promise<Buffer>;

function view(octets: Uint8Array): Buffer {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}
