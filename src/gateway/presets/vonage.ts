// Vonage (Nexmo) SMS API.
// Vonage API Documentation: SMS API reference; Inbound SMS; Delivery receipts; Signing messages

import { headerOfPart, international, readHeader, readHex, readReason, readZonedTime } from './incoming-text.js';
import { limits } from './limits.js';
import type { Doubt, IncomingText, Preset, ReportedText, WebhookKeys } from './preset.js';
import { findDoubtOfSecret, hmac, type HmacAlgorithm, isRecent, isSame } from './signatures.js';
import { inQuery } from './template-literals.js';
import { type Fields, readFields, refuse, requireField } from './webhook-fields.js';

export const vonage: Preset = {
  id: 'vonage',
  title: 'Vonage',
  parameters: [
    { name: 'apiKey', title: 'API key' },
    { name: 'apiSecret', title: 'API secret', isSecret: true },
    { name: 'from', title: 'Virtual number or sender ID' },
    { name: 'reportUrl', title: 'Address of this gateway’s report webhook', isOptional: true },
  ],
  request: ({ apiKey, apiSecret, from, reportUrl }) => ({
    url: 'https://rest.nexmo.com/sms/json',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body:
      `api_key=${inQuery(apiKey)}&api_secret=${inQuery(apiSecret)}&from=${inQuery(from)}` +
      '&to=%number;interprefix=%&text=%data%%condition;isunicode;value=&type=unicode%' +
      (reportUrl ? `&callback=${inQuery(reportUrl)}` : ''),
    // Every answer is a 200; what counts is the status of each part.
    successPattern: '"status":\\s*"0"',
    idPattern: '"message-id":\\s*"([^"]+)"',
  }),
  webhooks: {
    secret:
      'the signature secret of the account, signed by an HMAC; unsigned webhooks: a word of your own, as `secret`',
    findDoubt: (request, keys) => {
      const fields = readFields(request);
      return fields.get('sig') === undefined
        ? findDoubtOfSecret(request, keys)
        : findDoubtOfSignature(fields, request.at, keys);
    },
    readIncoming: (request) => [readInbound(readFields(request))],
    readReport: (request) => [readReceipt(readFields(request))],
  },
};

// By the octets of a signature. The plain MD5 hash is left out: two texts can be made that have the same one.
const algorithms: ReadonlyMap<number, HmacAlgorithm> = new Map([
  [16, 'md5'],
  [20, 'sha1'],
  [32, 'sha256'],
  [64, 'sha512'],
]);

/** `&name=value` of each parameter but `sig`, by name, with `_` for `&` and `=` in values. */
function findDoubtOfSignature(fields: Fields, at: number, { webhookSecret }: WebhookKeys): Doubt | undefined {
  if (!webhookSecret) return 'no secret is set';
  const signature = fields.get('sig') ?? '';
  const algorithm = algorithms.get(signature.length / 2);
  if (!algorithm) return 'signature';
  const values = new Map(fields.all().reverse());
  values.delete('sig');
  const names = [...values.keys()].sort();
  const signed = names.map((name) => `&${name}=${values.get(name)!.replaceAll(/[&=]/g, '_')}`).join('');
  if (!isSame(signature.toLowerCase(), hmac(algorithm, webhookSecret, signed).toString('hex'))) return 'signature';
  // For 24 hours a webhook comes again with the time of its first attempt.
  return isRecent(fields.get('timestamp') ?? '', at, limits.repeatMilliseconds) ? undefined : 'time';
}

function readInbound(fields: Fields): IncomingText {
  const shared = {
    reference: requireField(fields, 'messageId'),
    sender: international(requireField(fields, 'msisdn')),
    recipient: international(fields.get('to') ?? ''),
    sentAt: readZonedTime(fields.get('message-timestamp'), 'Z'),
  };
  if (fields.get('type') !== 'binary')
    return { ...shared, text: fields.get('text') ?? refuse('text'), ...partOf(fields) };
  const data = readHex(requireField(fields, 'data'), 'data');
  return { ...shared, text: '', data, ...readHeader(fields.get('udh')) };
}

// Parts of a long text come one by one.
function partOf(fields: Fields): { udh: Uint8Array } | undefined {
  if (fields.get('concat') !== 'true') return undefined;
  const [total, part] = [Number(fields.get('concat-total')), Number(fields.get('concat-part'))];
  return headerOfPart({ reference: fields.get('concat-ref') ?? '', total, part });
}

const outcomes: ReadonlyMap<string, ReportedText['outcome']> = new Map([
  ['delivered', 'delivered'],
  ['expired', 'failed'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
]);

function readReceipt(fields: Fields): ReportedText {
  const status = requireField(fields, 'status');
  const outcome = outcomes.get(status.toLowerCase()) ?? 'pending';
  const reason = outcome === 'failed' ? readReason(`Vonage ${fields.get('err-code') ?? ''}`.trim(), status) : undefined;
  return { reference: requireField(fields, 'messageId'), outcome, reason };
}
