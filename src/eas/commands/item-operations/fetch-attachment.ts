// Fetch of an attachment, whole or a range of its octets.
// MS-ASCMD 2.2.3.8 airsyncbase:FileReference, MS-ASCMD 2.2.3.143.2 Range (ItemOperations)

import { getAttachment } from '../../../store/contents.js';
import type { Session } from '../../../store/session.js';
import type { Steps } from '../../../store/transaction.js';
import { AirSyncBase } from '../../../wbxml/airsync/air-sync-base.js';
import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { child, type Element, element, text } from '../../../wbxml/element.js';
import { StatusError } from '../../errors.js';
import type { Exchange } from '../../exchange.js';
import { ItemOperationsStatus } from '../../statuses.js';
import { findAttachment } from '../../visible-item.js';
import { type Delivery, makeRoom, writeOctets } from './delivery.js';

interface AttachmentWish {
  exchange: Exchange;
  request: Element;
  delivery: Delivery;
  fileReference: string;
}

/** Its Properties. Throws StatusError where there is none, or not in that range. */
export function* fetchAttachment(session: Session, wish: AttachmentWish): Steps<Element[]> {
  const { exchange, request, delivery, fileReference } = wish;
  const head = yield* findAttachment(session, exchange, fileReference);
  if (!head) throw new StatusError(ItemOperationsStatus.AttachmentInvalid, 'no such attachment');
  const options = child(request, ItemOperations.Options);
  const range = readRange(options && text(options, ItemOperations.Range), head.size);
  const length = range ? range.last - range.first + 1 : head.size;
  if (!makeRoom(delivery, length)) throw new StatusError(ItemOperationsStatus.TooLarge, 'more than one answer carries');
  const { octets } = (yield* getAttachment(session, head.id))!;
  const given = range ? octets.subarray(range.first, range.last + 1) : octets;
  return [
    element(ItemOperations.Properties, [
      ...(range ? writeRange(range, head.size) : []),
      element(AirSyncBase.ContentType, head.contentType),
      writeOctets(given, delivery),
    ]),
  ];
}

interface OctetRange {
  first: number;
  last: number;
}

// What lies behind the end is left out; the answer says what it gives.
function readRange(value: string | undefined, size: number): OctetRange | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d{1,9})-(\d{1,9})$/.exec(value);
  const first = Number(match?.[1]);
  const last = Math.min(Number(match?.[2]), size - 1);
  if (!match || first > Number(match[2]) || first > last)
    throw new StatusError(ItemOperationsStatus.RangeInvalid, 'a range that the attachment has not');
  return { first, last };
}

function writeRange({ first, last }: OctetRange, size: number): Element[] {
  return [element(ItemOperations.Range, `${first}-${last}`), element(ItemOperations.Total, String(size))];
}
