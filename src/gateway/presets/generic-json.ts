// Any service that takes and sends texts as small JSON objects, for what has no preset of its own.
// The form is ours: docs/gateways.md shows it.

import { international, readBase64, readHeader, readReason, readTime } from './incoming-text.js';
import type { IncomingText, Preset, ReportedText } from './preset.js';
import { findDoubtOfBody, findDoubtOfSecret } from './signatures.js';
import {
  fieldsOf,
  headerOf,
  type JsonObject,
  objectOf,
  readJson,
  readEach,
  readObjects,
  refuse,
  requireField,
} from './webhook-fields.js';
import type { WebhookRequest } from './preset.js';

export const genericJson: Preset = {
  id: 'generic-json',
  title: 'Any service that speaks JSON',
  parameters: [
    { name: 'url', title: 'Address that takes a text' },
    { name: 'token', title: 'Bearer token', isSecret: true, isOptional: true },
  ],
  request: ({ url = '', token }) => ({
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: '{"id":"%msgid%","to":"%number%","from":"%sender%","text":"%data%"}',
    idPattern: '"id":\\s*"([^"]+)"',
  }),
  webhooks: {
    secret: 'the key of `X-Signature`, or `secret` in the address',
    findDoubt: (request, keys) =>
      headerOf(request, 'x-signature') === undefined
        ? findDoubtOfSecret(request, keys)
        : findDoubtOfBody(request, keys),
    readIncoming: (request) => readEach(objectsOf(request), readMessage),
    readReport: (request) => readEach(objectsOf(request), readStatus),
  },
};

/** One, or a list of them. */
function objectsOf(request: WebhookRequest): JsonObject[] {
  const body = readJson(request);
  return Array.isArray(body) ? readObjects(body, 'body') : [objectOf(body) ?? refuse('body')];
}

function readMessage(object: JsonObject): IncomingText {
  const fields = fieldsOf(object);
  const data = fields.get('data');
  return {
    reference: fields.get('id'),
    sender: international(requireField(fields, 'from')),
    recipient: international(fields.get('to') ?? ''),
    text: data === undefined ? (fields.get('text') ?? refuse('text')) : '',
    sentAt: readTime(fields.get('date')),
    ...(data !== undefined && { data: readBase64(data, 'data'), ...readHeader(fields.get('udh')) }),
  };
}

const outcomes: ReadonlyMap<string, ReportedText['outcome']> = new Map([
  ['delivered', 'delivered'],
  ['failed', 'failed'],
]);

function readStatus(object: JsonObject): ReportedText {
  const fields = fieldsOf(object);
  const outcome = outcomes.get(requireField(fields, 'status').toLowerCase()) ?? 'pending';
  const reason = outcome === 'failed' ? readReason(fields.get('reason')) : undefined;
  return { reference: requireField(fields, 'id'), outcome, reason };
}
