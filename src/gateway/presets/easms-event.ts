// Webhooks of another easms: what its gateways received, and what became of a text that it took from us.
// The form is ours: src/message/events.ts, src/message/webhook-request.ts

import { international, readBase64, readReason, readTime } from './incoming-text.js';
import type { Doubt, IncomingText, ReportedText, WebhookKeys, WebhookRequest } from './preset.js';
import { hmac, isRecent, isSame } from './signatures.js';
import { type Fields, fieldsOf, headerOf, objectOf, readObject, refuse, requireField } from './webhook-fields.js';

/** Only the body of such a request is signed, and only that is to be read. */
export function isEvent(request: WebhookRequest): boolean {
  return headerOf(request, 'x-easms-signature') !== undefined;
}

export function findDoubtOfEvent(request: WebhookRequest, { webhookSecret }: WebhookKeys): Doubt | undefined {
  if (!webhookSecret) return 'no secret is set';
  const time = headerOf(request, 'x-easms-timestamp') ?? '';
  const expected = `sha256=${hmac('sha256', webhookSecret, `${time}.`, request.body).toString('hex')}`;
  if (!isSame(headerOf(request, 'x-easms-signature') ?? '', expected)) return 'signature';
  return isRecent(time, request.at) ? undefined : 'time';
}

/** None where the event is another one: a webhook may ask for all of them. */
export function readReceived(request: WebhookRequest): IncomingText[] {
  const { event, message } = readEvent(request);
  if (event !== 'received') return [];
  const data = message.get('data');
  const udh = message.get('udh');
  return [
    {
      reference: requireField(message, 'id'),
      sender: international(requireField(message, 'from')),
      recipient: message.get('to'),
      text: data === undefined ? (message.get('text') ?? refuse('text')) : '',
      sentAt: readTime(message.get('sentAt')),
      ...(data !== undefined && { data: readBase64(data, 'data') }),
      ...(udh !== undefined && { udh: readBase64(udh, 'udh') }),
    },
  ];
}

// A text whose outcome the other server does not know may have arrived.
const failures: ReadonlySet<string | undefined> = new Set(['failed', 'expired']);

export function readState(request: WebhookRequest): ReportedText[] {
  const { event, message } = readEvent(request);
  const isFailed = event === 'failed' && failures.has(message.get('state'));
  if (event !== 'delivered' && !isFailed) return [];
  const reference = requireField(message, 'id');
  if (!isFailed) return [{ reference, outcome: 'delivered' }];
  return [{ reference, outcome: 'failed', reason: readReason(message.get('error')) }];
}

function readEvent(request: WebhookRequest): { event: unknown; message: Fields } {
  const { event, message } = readObject(request);
  return { event, message: fieldsOf(objectOf(message) ?? refuse('message')) };
}
