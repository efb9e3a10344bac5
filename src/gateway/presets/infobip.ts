// Infobip SMS API, version 3. Webhooks are not signed by themselves.
// Infobip Docs: Send SMS messages (/sms/3/messages); Receive inbound SMS messages (MO_JSON_2); Receive outbound SMS message
// reports; Message status codes

import { international, readReason, readTime } from './incoming-text.js';
import type { IncomingText, Preset, ReportedText } from './preset.js';
import { findDoubtOfSecret } from './signatures.js';
import { inJson, withoutSlash } from './template-literals.js';
import {
  fieldsOf,
  type JsonObject,
  objectOf,
  readObject,
  readEach,
  readObjects,
  refuse,
  requireField,
} from './webhook-fields.js';

export const infobip: Preset = {
  id: 'infobip',
  title: 'Infobip',
  parameters: [
    { name: 'baseUrl', title: 'Base URL of the account, such as https://xxxxx.api.infobip.com' },
    { name: 'apiKey', title: 'API key', isSecret: true },
    { name: 'from', title: 'Number or sender ID' },
    { name: 'reportUrl', title: 'Address of this gateway’s report webhook', isOptional: true },
  ],
  request: ({ baseUrl = '', apiKey, from, reportUrl }) => ({
    url: `${withoutSlash(/^https?:/.test(baseUrl) ? baseUrl : `https://${baseUrl}`)}/sms/3/messages`,
    method: 'POST',
    headers: {
      authorization: `App ${apiKey ?? ''}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body:
      `{"messages":[{"sender":"${inJson(from)}","destinations":[{"to":"%number;interprefix=%"}],` +
      '"content":{"text":"%data%"}' +
      (reportUrl ? `,"webhooks":{"delivery":{"url":"${inJson(reportUrl)}"},"contentType":"application/json"}` : '') +
      '}]}',
    idPattern: '"messageId":\\s*"([^"]+)"',
  }),
  webhooks: {
    secret: 'a word of your own: the password of Basic authentication, or `secret` in the address',
    findDoubt: findDoubtOfSecret,
    readIncoming: (request) => readEach(resultsOf(readObject(request)), readInbound),
    readReport: (request) => readEach(resultsOf(readObject(request)), readReport),
  },
};

function resultsOf({ results }: JsonObject): JsonObject[] {
  return readObjects(results, 'results');
}

function readInbound(result: JsonObject): IncomingText {
  const fields = fieldsOf(result);
  return {
    reference: requireField(fields, 'messageId'),
    sender: international(requireField(fields, 'from')),
    recipient: international(fields.get('to') ?? ''),
    text: fields.get('text') ?? refuse('text'),
    sentAt: readTime(fields.get('receivedAt')),
  };
}

// Group 3 is delivered, but for DELIVERED_TO_OPERATOR, after which more is said.
const failedGroups = new Set(['UNDELIVERABLE', 'EXPIRED', 'REJECTED']);

function readReport(result: JsonObject): ReportedText {
  const reference = requireField(fieldsOf(result), 'messageId');
  const status = fieldsOf(objectOf(result.status) ?? refuse('status'));
  const [group, name] = [requireField(status, 'groupName').toUpperCase(), status.get('name')];
  if (failedGroups.has(group)) {
    const error = objectOf(result.error);
    return {
      reference,
      outcome: 'failed',
      reason: readReason('Infobip', name ?? group, error && fieldsOf(error).get('name')),
    };
  }
  const isDelivered = group === 'DELIVERED' && name !== 'DELIVERED_TO_OPERATOR';
  return { reference, outcome: isDelivered ? 'delivered' : 'pending' };
}
