// SMS Gateway for Android (sms-gate.app): a phone, called in its own network or through the cloud or a private server.
// SMSGate documentation: Sending messages; Status tracking; Webhooks, Payload signing; API reference, POST /messages

import { international, readBase64, readReason, readTime } from './incoming-text.js';
import type { Doubt, IncomingText, Preset, ReportedText, WebhookKeys, WebhookRequest } from './preset.js';
import { findDoubtOfBody } from './signatures.js';
import { basicAuthorization, withoutSlash } from './template-literals.js';
import {
  type Fields,
  fieldsOf,
  headerOf,
  type JsonObject,
  objectOf,
  readObject,
  readEach,
  readObjects,
  refuse,
  requireField,
} from './webhook-fields.js';

export const smsGate: Preset = {
  id: 'sms-gate',
  title: 'SMS Gateway for Android (sms-gate.app)',
  parameters: [
    {
      name: 'server',
      title: 'Address: of the phone, such as http://192.168.1.10:8080, or https://api.sms-gate.app/3rdparty/v1',
    },
    { name: 'user', title: 'User name, as the app shows it' },
    { name: 'password', title: 'Password, as the app shows it', isSecret: true },
  ],
  request: ({ server, user, password }) => ({
    url: `${withoutSlash(server)}/messages`,
    method: 'POST',
    headers: { authorization: basicAuthorization(user, password), 'content-type': 'application/json' },
    // Of two requests with one id the second is refused.
    body: '{"id":"%msgid%","textMessage":{"text":"%data%"},"phoneNumbers":["%number%"],"withDeliveryReport":true}',
    idPattern: '"id":\\s*"([^"]+)"',
  }),
  webhooks: {
    secret: 'the signing key that the app shows under Settings, Webhooks',
    findDoubt: findDoubtOfSignature,
    readIncoming: (request) => {
      const { event, payload } = readObject(request);
      return receivedEvents.has(event) ? readEach(payloadsOf(payload), readReceived) : [];
    },
    readReport: (request) => {
      const { event, payload } = readObject(request);
      const outcome = outcomes.get(event);
      return outcome ? readEach(payloadsOf(payload), (each) => readStatus(fieldsOf(each), outcome)) : [];
    },
  },
};

// Each event is asked for by itself, and may be sent to one address with the others.
const receivedEvents: ReadonlySet<unknown> = new Set([
  'sms:received',
  'sms:data-received',
  'mms:downloaded',
  'sms:batch:received',
  'sms:batch:data-received',
  'mms:batch:downloaded',
]);

const outcomes: ReadonlyMap<unknown, ReportedText['outcome']> = new Map([
  ['sms:sent', 'pending'],
  ['sms:delivered', 'delivered'],
  ['sms:failed', 'failed'],
  ['sms:cancelled', 'failed'],
]);

function findDoubtOfSignature(request: WebhookRequest, keys: WebhookKeys): Doubt | undefined {
  const doubt = findDoubtOfBody(request, keys);
  // The app always tells the time, and signs it anew with each attempt.
  return doubt ?? (headerOf(request, 'x-timestamp') === undefined ? 'signature' : undefined);
}

function payloadsOf(payload: unknown): JsonObject[] {
  return Array.isArray(payload) ? readObjects(payload, 'payload') : [objectOf(payload) ?? refuse('payload')];
}

function readReceived(payload: JsonObject): IncomingText {
  const fields = fieldsOf(payload);
  const data = fields.get('data');
  return {
    reference: referenceOf(fields),
    sender: international(fields.get('sender') || requireField(fields, 'phoneNumber')),
    recipient: fields.get('recipient'),
    text: data === undefined ? (fields.get('message') ?? fields.get('body') ?? refuse('message')) : '',
    sentAt: readTime(fields.get('receivedAt')),
    ...(data !== undefined && { data: readBase64(data, 'data') }),
  };
}

// `messageId` is made of the content alone: the same words a week later have the same one. Each event has an id of its own,
// also where the app tells the same text twice.
function referenceOf(fields: Fields): string | undefined {
  const [id, time] = [fields.get('messageId'), fields.get('receivedAt')];
  return id && time ? `${id}@${time}` : undefined;
}

function readStatus(fields: Fields, outcome: ReportedText['outcome']): ReportedText {
  const reason = outcome === 'failed' ? readReason(fields.get('reason') || 'cancelled') : undefined;
  return { reference: requireField(fields, 'messageId'), outcome, reason };
}
