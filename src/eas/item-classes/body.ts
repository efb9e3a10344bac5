// Bodies as a device wants them: which type, how much of it, and a preview.
// MS-ASAIRS 2.2.2.9 Body, 2.2.2.10 BodyPart

import type { BodyPreference, StickyOptions } from '../../store/states.js';
import { AirSyncBase } from '../../wbxml/airsync/air-sync-base.js';
import { type Element, element } from '../../wbxml/element.js';
import { isSince, type ProtocolVersion } from '../versions.js';

/** What there is of a body; HTML and MIME are made when somebody wants them. */
export interface BodySource {
  text: string;
  html: () => string;
  mime: () => string;
  /** What it was written as. MS-ASAIRS 2.2.2.32 NativeBodyType */
  nativeType: 1 | 2;
  /** Signed or encrypted: only its octets are the mail. */
  isSecured: boolean;
}

export type BodyWish = Pick<StickyOptions, 'bodyPreferences' | 'bodyPartPreference' | 'mimeSupport'>;

const plainText: BodyPreference = { type: 1 };

/** The Body that suits the device best, and the BodyPart where it asked for one (from 14.1 on). */
export function writeBodies(source: BodySource, wish: BodyWish, version: ProtocolVersion): Element[] {
  const written = [writeBody(source, wish, version)];
  if (wish.bodyPartPreference && isSince(version, '14.1')) written.push(writeBodyPart(source, wish.bodyPartPreference));
  return written;
}

export function writeBody(source: BodySource, wish: BodyWish, version: ProtocolVersion): Element {
  const preference = choose(source, wish);
  return element(AirSyncBase.Body, writeParts(source, preference, isSince(version, '14.0')));
}

// MS-ASAIRS 2.2.2.42.2 Status (BodyPart)
function writeBodyPart(source: BodySource, preference: BodyPreference): Element {
  return element(AirSyncBase.BodyPart, [element(AirSyncBase.Status, '1'), ...writeParts(source, preference, true)]);
}

function writeParts(source: BodySource, preference: BodyPreference, hasPreview: boolean): Element[] {
  const { type, truncationSize, preview } = preference;
  const data = dataOf(source, type);
  const octets = Buffer.byteLength(data);
  const isTruncated = truncationSize !== undefined && octets > truncationSize;
  const given = isTruncated ? (preference.allOrNone ? '' : cut(data, truncationSize)) : data;
  const parts = [
    element(AirSyncBase.Type, String(type)),
    element(AirSyncBase.EstimatedDataSize, String(octets)),
    isTruncated ? element(AirSyncBase.Truncated, '1') : undefined,
    given === '' ? undefined : element(AirSyncBase.Data, given),
    preview && hasPreview ? element(AirSyncBase.Preview, previewOf(source.text, preview)) : undefined,
  ];
  return parts.filter((each) => each !== undefined);
}

function dataOf(source: BodySource, type: number): string {
  if (type === 4) return source.mime();
  return type === 2 ? source.html() : source.text;
}

// Signed mail is worth nothing but as it was signed. Else what the body was written as comes first, then what keeps most.
function choose(source: BodySource, { bodyPreferences = [], mimeSupport = 0 }: BodyWish): BodyPreference {
  const wanted = (type: number) => bodyPreferences.find((each) => each.type === type);
  const mime = wanted(4);
  if (mime && (mimeSupport === 2 || (mimeSupport === 1 && source.isSecured))) return mime;
  const suitable = [wanted(source.nativeType), wanted(2), wanted(1), mime].filter((each) => each !== undefined);
  return suitable.find((each) => isWhole(source, each)) ?? suitable[0] ?? plainText;
}

// MS-ASAIRS 2.2.2.2 AllOrNone: what would be cut makes way for another type.
function isWhole(source: BodySource, { type, truncationSize, allOrNone }: BodyPreference): boolean {
  return !allOrNone || truncationSize === undefined || Buffer.byteLength(dataOf(source, type)) <= truncationSize;
}

// Not in the midst of a character: a decoder that streams keeps an unfinished one to itself.
function cut(body: string, octets: number): string {
  return new TextDecoder().decode(Buffer.from(body).subarray(0, octets), { stream: true });
}

function previewOf(text: string, characters: number): string {
  const line = text
    .slice(0, characters * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return [...line].slice(0, characters).join('');
}
