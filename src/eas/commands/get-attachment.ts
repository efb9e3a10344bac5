// GetAttachment: the octets of an attachment as the body of the answer.
// MS-ASCMD 2.2.1.7 GetAttachment

import { getAttachment as readAttachment } from '../../store/contents.js';
import type { Answer, Exchange } from '../exchange.js';
import { findAttachment } from '../visible-item.js';

export async function getAttachment(exchange: Exchange): Promise<Answer> {
  const name = exchange.parameters.attachmentName;
  if (!name) return { kind: 'http', status: 400 };
  const attachment = await exchange.services.store.read(function* (session) {
    const head = yield* findAttachment(session, exchange, name);
    return head && (yield* readAttachment(session, head.id));
  });
  // The document's own answer for an attachment that is no longer there; there is no other way to say so.
  if (!attachment) return { kind: 'http', status: 500 };
  return { kind: 'octets', contentType: headerValue(attachment.contentType), octets: attachment.octets };
}

// What a mail said, which may be anything.
function headerValue(contentType: string): string {
  return /^[\w.+-]{1,127}\/[\w.+-]{1,127}$/.test(contentType) ? contentType : 'application/octet-stream';
}
