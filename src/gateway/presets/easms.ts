// Another easms or IceWarp server, which sends through its own modem or provider. Answers come to `/sms/deliver.html`, or to
// the webhook with the same parameters; easms tells of texts and their outcome by its own webhooks as well.
// IceWarp SMS Service: HTTP SMS Service Setup; HTTP Request: Delivery Script; Available Parameters

import { withoutLengthOctet } from '../../sms/user-data-header.js';
import { findDoubtOfEvent, isEvent, readReceived, readState } from './easms-event.js';
import { international, readBase64 } from './incoming-text.js';
import type { IncomingText, Preset } from './preset.js';
import { findDoubtOfPassword } from './signatures.js';
import { inQuery, withoutSlash } from './template-literals.js';
import { type Fields, readParameters, refuse, requireField } from './webhook-fields.js';

export const easms: Preset = {
  id: 'easms',
  title: 'Another easms or IceWarp server',
  parameters: [
    { name: 'server', title: 'Address of the server, such as https://sms.example.com' },
    { name: 'user', title: 'User of that server who may send' },
    { name: 'password', title: 'Password of that user', isSecret: true },
  ],
  request: ({ server, user, password }) => ({
    url:
      `${withoutSlash(server)}/sms/?number=%number%&data=%data%&udh=%udh%&binary=%binary%&pid=%pid%&dcs=%dcs%` +
      `&sender=%sender%&msgid=%msgid%&user=${inQuery(user)}&pass=${inQuery(password)}`,
    method: 'GET',
    successPattern: '^OK\\b',
    idPattern: '^OK ([^,\\s]+)',
  }),
  webhooks: {
    secret:
      'the secret of its webhook, or a word as `secret` in the address; without it the gateway’s password, as `pass`',
    findDoubt: (request, keys) =>
      isEvent(request) ? findDoubtOfEvent(request, keys) : findDoubtOfPassword(request, keys),
    readIncoming: (request) => (isEvent(request) ? readReceived(request) : [readDelivered(readParameters(request))]),
    readReport: (request) => (isEvent(request) ? readState(request) : refuse('x-easms-signature')),
  },
};

function readDelivered(fields: Fields): IncomingText {
  const sender = international(requireField(fields, 'number').replace(/^ /, '+'));
  const data = fields.get('data') ?? '';
  if (fields.get('binary') !== '1') return { sender, text: data };
  const udh = withoutLengthOctet(readBase64(fields.get('udh') ?? '', 'udh'));
  return { sender, text: '', data: readBase64(data, 'data'), udh };
}
