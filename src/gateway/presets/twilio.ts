// Twilio Programmable Messaging.
// Twilio Docs: Messages resource; Messaging webhooks; Track the message status of outbound messages; Secure webhooks

import { readReason } from './incoming-text.js';
import type { Doubt, IncomingText, Preset, ReportedText, WebhookKeys, WebhookRequest } from './preset.js';
import { hmac, isSame } from './signatures.js';
import { basicAuthorization, inQuery } from './template-literals.js';
import { type Fields, headerOf, readForm, readParameters, requireField } from './webhook-fields.js';

export const twilio: Preset = {
  id: 'twilio',
  title: 'Twilio',
  parameters: [
    { name: 'accountSid', title: 'Account SID (AC…)' },
    { name: 'authToken', title: 'Auth Token', isSecret: true },
    { name: 'from', title: 'Twilio number, sender ID, or Messaging Service SID (MG…)' },
    { name: 'reportUrl', title: 'Address of this gateway’s report webhook', isOptional: true },
  ],
  request: ({ accountSid, authToken, from = '', reportUrl }) => ({
    url: `https://api.twilio.com/2010-04-01/Accounts/${inQuery(accountSid)}/Messages.json`,
    method: 'POST',
    headers: {
      authorization: basicAuthorization(accountSid, authToken),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body:
      `To=%number%&Body=%data%&${/^MG[0-9a-f]{32}$/.test(from) ? 'MessagingServiceSid' : 'From'}=${inQuery(from)}` +
      (reportUrl ? `&StatusCallback=${inQuery(reportUrl)}` : ''),
    // Every 2xx means taken; the text is in the answer before this and may be longer than what is looked at.
    idPattern: '"sid":\\s*"([SM]M[0-9a-f]{32})"',
  }),
  webhooks: {
    secret: 'the Auth Token of the account',
    findDoubt: findDoubtOfSignature,
    readIncoming: (request) => [readMessage(readParameters(request))],
    readReport: (request) => [readStatus(readParameters(request))],
    answer: { type: 'text/xml; charset=utf-8', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
  },
};

// The address as Twilio was told it, then each parameter of the form by name: HMAC-SHA1, in Base64. There is no time in it:
// what is overheard and sent again is known by its MessageSid. Only the query and the form are signed and read.
function findDoubtOfSignature(request: WebhookRequest, { webhookSecret }: WebhookKeys): Doubt | undefined {
  if (!webhookSecret) return 'no secret is set';
  const signature = headerOf(request, 'x-twilio-signature') ?? '';
  const parameters = signedParameters(readForm(request));
  const isSigned = request.urls
    .flatMap(withAndWithoutPort)
    .some((url) => isSame(signature, hmac('sha1', webhookSecret, url, parameters).toString('base64')));
  return isSigned ? undefined : 'signature';
}

function signedParameters(form: Fields): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of form.all()) values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = [...values.keys()].sort();
  return names.flatMap((name) => [...values.get(name)!].sort().map((value) => name + value)).join('');
}

// Twilio signs some requests with the port of the scheme and some without it.
function withAndWithoutPort(url: string): string[] {
  const [, scheme, host, rest] = /^(https?):\/\/([^/?#]+)(.*)$/s.exec(url) ?? [];
  if (scheme === undefined || host === undefined) return [];
  const bare = host.replace(/:\d+$/, '');
  const port = bare === host ? (scheme === 'https' ? ':443' : ':80') : '';
  return [url, `${scheme}://${bare}${port}${rest}`];
}

function readMessage(fields: Fields): IncomingText {
  return {
    reference: requireField(fields, 'MessageSid'),
    sender: requireField(fields, 'From'),
    recipient: fields.get('To'),
    text: [fields.get('Body') ?? '', ...mediaOf(fields)].filter((line) => line !== '').join('\n'),
  };
}

// Pictures of an MMS, which has a body that is often empty.
function mediaOf(fields: Fields): string[] {
  const count = Math.min(Number(fields.get('NumMedia') ?? 0) || 0, 10);
  return Array.from({ length: count }, (_, index) => fields.get(`MediaUrl${index}`) ?? '');
}

const outcomes: ReadonlyMap<string, ReportedText['outcome']> = new Map([
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

function readStatus(fields: Fields): ReportedText {
  const status = requireField(fields, 'MessageStatus');
  const outcome = outcomes.get(status) ?? 'pending';
  const reason =
    outcome === 'failed' ? readReason(`Twilio ${fields.get('ErrorCode') ?? ''}`.trim(), status) : undefined;
  return { reference: requireField(fields, 'MessageSid'), outcome, reason };
}
