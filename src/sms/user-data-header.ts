// The header that may stand before the content of a short message: which part of how many it is, which port it is for.
// TS 23.040 9.2.3.24 TP-User Data (TP-UD)
//
//    UDHL  IEI  length  data …        IEI  length  data …
//    0B    05   04      0B 84 23 F0   00   03      2A 02 01
//
// 12 octets: for the ports 2948 and 9200, the first of two parts of message 42. What is read and written here goes without
// UDHL, the length octet in front, as gateways ask for it.

/** Which element is what. TS 23.040 9.2.3.24 TP-User Data (TP-UD) */
export const InformationElement = {
  Concatenation8: 0x00, // 9.2.3.24.1
  SpecialMessageIndication: 0x01,
  ApplicationPort8: 0x04,
  ApplicationPort16: 0x05, // 9.2.3.24.4
  ServiceCentreControl: 0x06,
  SourceIndicator: 0x07,
  Concatenation16: 0x08, // 9.2.3.24.8
  NationalLanguageSingleShift: 0x24, // 9.2.3.24.15
  NationalLanguageLockingShift: 0x25, // 9.2.3.24.16
} as const;

// Octets of data of those that have one length only.
const octetsOf: ReadonlyMap<number, number> = new Map([
  [InformationElement.Concatenation8, 3],
  [InformationElement.SpecialMessageIndication, 2],
  [InformationElement.ApplicationPort8, 2],
  [InformationElement.ApplicationPort16, 4],
  [InformationElement.ServiceCentreControl, 1],
  [InformationElement.SourceIndicator, 1],
  [InformationElement.Concatenation16, 4],
  [InformationElement.NationalLanguageSingleShift, 1],
  [InformationElement.NationalLanguageLockingShift, 1],
]);

export interface HeaderElement {
  /** 0 to 255. */
  identifier: number;
  /** At most 255 octets. */
  data: Uint8Array;
}

/**
 * The elements of a header without its length octet, known or not, in order. `undefined` where the last one is cut or
 * something is left over: the whole header is then to be ignored.
 */
export function readUserDataHeader(octets: Uint8Array): HeaderElement[] | undefined {
  const elements: HeaderElement[] = [];
  let at = 0;
  while (at < octets.length) {
    const [identifier, length] = octets.subarray(at, at + 2);
    const end = at + 2 + (length ?? octets.length);
    if (end > octets.length) return undefined;
    elements.push({ identifier: identifier!, data: octets.subarray(at + 2, end) });
    at = end;
  }
  return elements;
}

/** Without its length octet. */
export function writeUserDataHeader(elements: readonly HeaderElement[]): Uint8Array {
  return Buffer.concat(elements.flatMap(({ identifier, data }) => [Uint8Array.of(identifier, data.length), data]));
}

/**
 * A header as people write it, with or without its length octet, without it. It is there when it counts what follows and
 * what follows is a header: `05 04 0B 84 23 F0` begins with the right count and is none.
 */
export function withoutLengthOctet(octets: Uint8Array): Uint8Array {
  const rest = octets.subarray(1);
  if (octets[0] !== rest.length) return octets;
  const isHeader = readUserDataHeader(rest)?.every(hasItsLength) === true;
  return isHeader ? rest : octets;
}

function hasItsLength({ identifier, data }: HeaderElement): boolean {
  return (octetsOf.get(identifier) ?? data.length) === data.length;
}

export interface Concatenation {
  /** 0 to 255, or to 65535 where it is of 16 bits. */
  reference: number;
  /** 1 to 255. */
  total: number;
  /** 1 to `total`. */
  part: number;
}

/**
 * Which part of how many it is; `undefined` for a message that is alone. An element that counts wrongly is ignored, and of
 * several the last one holds.
 */
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
// TS 23.040 9.2.3.24.8 Concatenated short messages, 16-bit reference number
export function concatenationOf(elements: readonly HeaderElement[]): Concatenation | undefined {
  let found: Concatenation | undefined;
  for (const element of elements) found = readConcatenation(element) ?? found;
  return found;
}

function readConcatenation(element: HeaderElement): Concatenation | undefined {
  const { identifier, data } = element;
  const isOne = identifier === InformationElement.Concatenation8 || identifier === InformationElement.Concatenation16;
  if (!isOne || !hasItsLength(element)) return undefined;
  const [total = 0, part = 0] = data.subarray(-2);
  if (part < 1 || part > total) return undefined;
  const reference = data.subarray(0, -2).reduce((number, octet) => number * 0x100 + octet, 0);
  return { reference, total, part };
}

/** 8: what every phone knows. 16: with which two messages to one number are taken for one less often. */
export type ReferenceBits = 8 | 16;

/** Of a reference that is too long its last bits. */
export function concatenationElement(
  { reference, total, part }: Concatenation,
  referenceBits: ReferenceBits = 8,
): HeaderElement {
  if (referenceBits === 8)
    return { identifier: InformationElement.Concatenation8, data: Uint8Array.of(reference, total, part) };
  const data = Uint8Array.of(reference >> 8, reference, total, part);
  return { identifier: InformationElement.Concatenation16, data };
}

/** Octets that the element takes. */
export function concatenationOctets(referenceBits: ReferenceBits = 8): number {
  return referenceBits === 8 ? 5 : 6;
}

export interface ApplicationPorts {
  destination: number;
  source: number;
}

/** The ports that a message is for; of several elements the last one holds. */
// TS 23.040 9.2.3.24.3 Application Port Addressing 8 bit address, 9.2.3.24.4 Application Port Addressing 16 bit address
export function portsOf(elements: readonly HeaderElement[]): ApplicationPorts | undefined {
  const element = elements.findLast((each) => isPorts(each) && hasItsLength(each));
  if (element === undefined) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = element.data;
  return element.data.length === 2
    ? { destination: a, source: b }
    : { destination: a * 0x100 + b, source: c * 0x100 + d };
}

/** With ports of 16 bits, as every application has them that is known today. */
export function portsElement({ destination, source }: ApplicationPorts): HeaderElement {
  const data = Uint8Array.of(destination >> 8, destination, source >> 8, source);
  return { identifier: InformationElement.ApplicationPort16, data };
}

function isPorts({ identifier }: HeaderElement): boolean {
  return identifier === InformationElement.ApplicationPort8 || identifier === InformationElement.ApplicationPort16;
}
