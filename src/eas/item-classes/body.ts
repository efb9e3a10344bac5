// The Body element, plain text.
// MS-ASAIRS 2.2.2.9 Body

import { AirSyncBase } from '../../wbxml/airsync/air-sync-base.js';
import { type Element, element } from '../../wbxml/element.js';

export interface BodyWish {
  /** Octets of UTF-8 after which the device wants the text cut. MS-ASAIRS 2.2.2.43 TruncationSize */
  truncationSize: number | undefined;
}

export function writeBody(body: string, { truncationSize }: BodyWish): Element {
  const octets = Buffer.byteLength(body);
  const isTruncated = truncationSize !== undefined && octets > truncationSize;
  return element(AirSyncBase.Body, [
    element(AirSyncBase.Type, '1'),
    element(AirSyncBase.EstimatedDataSize, String(octets)),
    isTruncated ? element(AirSyncBase.Truncated, '1') : undefined,
    element(AirSyncBase.Data, isTruncated ? cut(body, truncationSize) : body),
  ]);
}

// Not in the midst of a character: a decoder that streams keeps an unfinished one to itself.
function cut(body: string, octets: number): string {
  return new TextDecoder().decode(Buffer.from(body).subarray(0, octets), { stream: true });
}
