// How fetched octets reach the device: within the document, or as parts behind it.
// MS-ASCMD 2.2.1.10.1 Delivery of Content Requested by Fetch

import { AirSyncBase } from '../../../wbxml/airsync/air-sync-base.js';
import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { child, children, type Element, element, text } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { limits } from '../../limits.js';

export interface Delivery {
  /** What the Part elements refer to, Part 1 first; absent where the device wants everything within the document. */
  readonly parts: Uint8Array[] | undefined;
  /** How much more this answer may carry. */
  octetsLeft: number;
}

export function beginDelivery({ parameters }: Pick<Exchange, 'parameters'>): Delivery {
  return { parts: parameters.acceptMultiPart ? [] : undefined, octetsLeft: limits.fetchedOctets };
}

/** Whether so many octets still go into the answer; if so they count. */
export function makeRoom(delivery: Delivery, octets: number): boolean {
  if (octets > delivery.octetsLeft) return false;
  delivery.octetsLeft -= octets;
  return true;
}

/** The content of an attachment: Part, or Data in base64. MS-ASCMD 2.2.3.39.2 Data (ItemOperations) */
export function writeOctets(octets: Uint8Array, { parts }: Delivery): Element {
  if (parts) return writePart(octets, parts);
  const { buffer, byteOffset, byteLength } = octets;
  return element(ItemOperations.Data, Buffer.from(buffer, byteOffset, byteLength).toString('base64'));
}

function writePart(octets: Uint8Array, parts: Uint8Array[]): Element {
  return element(ItemOperations.Part, String(parts.push(octets)));
}

/** Octets that the bodies among these properties hold. */
export function octetsOf(properties: readonly Element[]): number {
  let octets = 0;
  for (const each of properties)
    if (each.tag === AirSyncBase.Body || each.tag === AirSyncBase.BodyPart)
      octets += Buffer.byteLength(text(each, AirSyncBase.Data) ?? '');
  return octets;
}

/** The properties of an item, its Body as the device wants it delivered. MS-ASAIRS 2.2.2.9 Body */
export function deliverBody(properties: readonly Element[], { parts }: Delivery): readonly Element[] {
  if (!parts) return properties;
  return properties.map((each) => (each.tag === AirSyncBase.Body ? detach(each, parts) : each));
}

function detach(body: Element, parts: Uint8Array[]): Element {
  const data = child(body, AirSyncBase.Data);
  if (!data) return body;
  const rest = children(body).filter((each) => each !== data);
  return element(body.tag, [...rest, writePart(Buffer.from(text(body, AirSyncBase.Data) ?? ''), parts)]);
}
