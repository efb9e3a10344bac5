// Clickatell's HTTP API of its Central accounts; binary texts are carried.
// IceWarp SMS Service: Configuring Clickatell HTTP Gateway (the URL)
// Clickatell HTTP API Specification V2.4: Send a message; Callback URL; Message status codes
// Clickatell Two-Way Technical Guide: inbound by HTTP

import { international, readHeader, readReason, readZonedTime } from './incoming-text.js';
import type { IncomingText, Preset, ReportedText } from './preset.js';
import { findDoubtOfSecret } from './signatures.js';
import { inQuery } from './template-literals.js';
import { type Fields, readParameters, refuse, requireField } from './webhook-fields.js';

export const clickatell: Preset = {
  id: 'clickatell',
  title: 'Clickatell',
  parameters: [
    { name: 'user', title: 'User name' },
    { name: 'password', title: 'Password', isSecret: true },
    { name: 'apiId', title: 'API_ID of the HTTP connection' },
  ],
  request: ({ user, password, apiId }) => ({
    url:
      `http://api.clickatell.com/http/sendmsg?user=${inQuery(user)}&password=${inQuery(password)}` +
      `&api_id=${inQuery(apiId)}&to=%number%&udh=%udh;len;hex%` +
      '&data=%data;isascii%%data;isunicode;unicode;value=&unicode=1%&concat=%parts%',
    method: 'GET',
    // `ERR: 301, No Credit Left` comes with a 200 as well.
    successPattern: '^ID: ',
    idPattern: '^ID: (\\S+)',
  }),
  webhooks: {
    secret: 'a word of your own: the callback password, or `secret` in the address',
    findDoubt: findDoubtOfSecret,
    readIncoming: (request) => [readInbound(readParameters(request))],
    readReport: (request) => [readStatus(readParameters(request))],
  },
};

// Times are of GMT+2, whatever the season.
const zone = '+02:00';

function readInbound(fields: Fields): IncomingText {
  return {
    reference: fields.get('moMsgId') || undefined,
    sender: international(requireField(fields, 'from')),
    recipient: international(fields.get('to') ?? ''),
    text: fields.get('text', fields.get('charset') || undefined) ?? refuse('text'),
    sentAt: readZonedTime(fields.get('timestamp'), zone),
    ...readHeader(fields.get('udh')),
  };
}

// 003 is delivered to the next network, 004 to the phone; the others between say that it is on its way.
const delivered = new Set([4]);
const failures: ReadonlyMap<number, string> = new Map([
  [5, 'error with the message'],
  [6, 'cancelled'],
  [7, 'error in delivering the message'],
  [9, 'routing error'],
  [10, 'expired'],
  [12, 'out of credit'],
  [13, 'cancelled by Clickatell'],
  [14, 'more credit needed than allowed'],
]);

function readStatus(fields: Fields): ReportedText {
  const reference = requireField(fields, 'apiMsgId');
  const written = requireField(fields, 'status');
  const status = /^\d{1,4}$/.test(written) ? Number(written) : refuse('status');
  const failure = failures.get(status);
  if (failure !== undefined)
    return { reference, outcome: 'failed', reason: readReason(`Clickatell ${written}`, failure) };
  return { reference, outcome: delivered.has(status) ? 'delivered' : 'pending' };
}
