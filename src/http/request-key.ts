// The key by which a request is known when it comes again.

import type { FastifyRequest } from 'fastify';
import type { RequestKey } from '../message/idempotency.js';

/** The header goes before `msgid`: whoever sends both means the header to be one. */
export function readRequestKey(request: FastifyRequest, msgid?: string): RequestKey | undefined {
  const header = request.headers['idempotency-key'];
  if (header !== undefined) return { key: String(header), isMsgid: false };
  return msgid === undefined ? undefined : { key: msgid, isMsgid: true };
}
