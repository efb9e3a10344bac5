// MessageBird (Bird) SMS API at rest.messagebird.com.
// MessageBird API reference: SMS; Receiving SMS; Status reports; Verify HTTP requests (MessageBird-Signature-JWT)

import { international, readReason, readTime } from './incoming-text.js';
import { isCurrent, readToken } from './json-web-token.js';
import type { Doubt, IncomingText, Preset, ReportedText, WebhookKeys, WebhookRequest } from './preset.js';
import { findDoubtOfSecret, isSame, sha256 } from './signatures.js';
import { inJson } from './template-literals.js';
import { type Fields, headerOf, readFields, refuse, requireField } from './webhook-fields.js';

export const messagebird: Preset = {
  id: 'messagebird',
  title: 'MessageBird',
  parameters: [
    { name: 'accessKey', title: 'Access key', isSecret: true },
    { name: 'from', title: 'Number or sender ID (originator)' },
    { name: 'reportUrl', title: 'Address of this gateway’s report webhook', isOptional: true },
  ],
  request: ({ accessKey, from, reportUrl }) => ({
    url: 'https://rest.messagebird.com/messages',
    method: 'POST',
    headers: {
      authorization: `AccessKey ${accessKey ?? ''}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body:
      `{"originator":"${inJson(from)}","recipients":["%number;interprefix=%"],"body":"%data%","datacoding":"auto"` +
      // Reports come only for texts with a reference of ours.
      (reportUrl ? `,"reference":"%msgid%","reportUrl":"${inJson(reportUrl)}"` : '') +
      '}',
    idPattern: '"id":\\s*"([0-9a-f]{32})"',
  }),
  webhooks: {
    secret: 'the signing key of the account; unsigned webhooks: the same, as `secret` in the address',
    findDoubt: findDoubtOfToken,
    readIncoming: (request) => [readInbound(readFields(request))],
    readReport: (request) => [readStatus(readFields(request))],
  },
};

const leewaySeconds = 5;

// The token lives for a minute and holds the SHA-256 of the address and, where there is one, of the body.
function findDoubtOfToken(request: WebhookRequest, keys: WebhookKeys): Doubt | undefined {
  const { webhookSecret } = keys;
  if (!webhookSecret) return 'no secret is set';
  const token = headerOf(request, 'messagebird-signature-jwt');
  // Whether reports are signed depends on the account.
  if (token === undefined) return findDoubtOfSecret(request, keys);
  const claims = readToken(token, webhookSecret);
  if (claims?.iss !== 'MessageBird') return 'signature';
  const isOfAddress = request.urls.some((url) => isHashOf(claims.url_hash, url));
  const isOfBody =
    request.body.length === 0 && claims.payload_hash === undefined ? true : isHashOf(claims.payload_hash, request.body);
  if (!isOfAddress || !isOfBody) return 'signature';
  return isCurrent(claims, request.at, leewaySeconds) ? undefined : 'time';
}

function isHashOf(hash: unknown, content: string | Uint8Array): boolean {
  return typeof hash === 'string' && isSame(hash.toLowerCase(), sha256(content).toString('hex'));
}

/** Numbers say `recipient`, `id` and `body`; short codes say `shortcode`, `mid` and `message`. */
function readInbound(fields: Fields): IncomingText {
  return {
    reference: fields.get('id') || fields.get('mid') || refuse('id'),
    sender: international(requireField(fields, 'originator')),
    recipient: international(fields.get('recipient') || fields.get('shortcode') || ''),
    text: fields.get('body') ?? fields.get('message') ?? refuse('body'),
    sentAt: readTime(fields.get('createdDatetime')),
  };
}

const outcomes: ReadonlyMap<string, ReportedText['outcome']> = new Map([
  ['delivered', 'delivered'],
  ['delivery_failed', 'failed'],
  ['expired', 'failed'],
]);

function readStatus(fields: Fields): ReportedText {
  const status = requireField(fields, 'status');
  const outcome = outcomes.get(status) ?? 'pending';
  const said = fields.get('statusErrorCode') ?? '';
  const reason =
    outcome === 'failed' ? readReason(`MessageBird ${said}`.trim(), fields.get('statusReason') || status) : undefined;
  return { reference: requireField(fields, 'id'), outcome, reason };
}
