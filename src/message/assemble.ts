// A long message out of those of its parts that are there.
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)

import { InformationElement, readUserDataHeader, writeUserDataHeader } from '../sms/user-data-header.js';
import type { IncomingProperties } from '../store/states.js';
import type { IncomingPart } from '../store/tables.js';
import { storable } from './storable-text.js';

export interface Assembled {
  sender: string;
  recipient: string | undefined;
  text: string;
  properties: IncomingProperties;
}

/** Of at least one part, in their order. A gap is marked where it is: `[part 2 of 3 is missing]`. */
export function assemble(parts: readonly IncomingPart[]): Assembled {
  const { total } = parts[0]!;
  const { sender, recipient, udh, pid, dcs, sentAt } = parts[0]!.properties!;
  const isBinary = parts.some(({ data, properties }) => data !== null && !properties?.isUtf16);
  const missing = missingOf(parts, total);
  const properties: IncomingProperties = {
    ...(isBinary && { data: Buffer.concat(parts.map(octetsOf)).toString('base64') }),
    ...(udh !== undefined && { udh }),
    ...(pid !== undefined && { pid }),
    ...(dcs !== undefined && { dcs }),
    ...(sentAt !== undefined && { sentAt }),
    parts: total,
    ...(missing.length > 0 && { missing }),
  };
  return { sender, recipient, text: isBinary ? '' : joinTexts(parts, total), properties };
}

function missingOf(parts: readonly IncomingPart[], total: number): number[] {
  const there = new Set(parts.map(({ part }) => part));
  return Array.from({ length: total }, (_, index) => index + 1).filter((part) => !there.has(part));
}

function octetsOf(part: IncomingPart): Buffer {
  return part.data !== null && !part.properties?.isUtf16 ? part.data : Buffer.from(textOf(part));
}

function textOf({ data, text, properties }: IncomingPart): string {
  return (properties?.isUtf16 ? data?.toString('utf16le') : text) ?? '';
}

function joinTexts(parts: readonly IncomingPart[], total: number): string {
  let joined = '';
  let next = 1;
  for (const row of parts) {
    joined += gap(next, row.part - 1, total) + textOf(row);
    next = row.part + 1;
  }
  return storable(joined + gap(next, total, total));
}

function gap(from: number, to: number, total: number): string {
  if (from > to) return '';
  return from === to ? `[part ${from} of ${total} is missing]` : `[parts ${from} to ${to} of ${total} are missing]`;
}

const concatenations: readonly number[] = [InformationElement.Concatenation8, InformationElement.Concatenation16];

/** The header of the whole message, such as the port it is for: without which part it was. */
export function headerOfWhole(udh: Uint8Array): Uint8Array {
  const elements = readUserDataHeader(udh) ?? [];
  return writeUserDataHeader(elements.filter(({ identifier }) => !concatenations.includes(identifier)));
}
