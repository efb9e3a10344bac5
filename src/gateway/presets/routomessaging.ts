// RoutoMessaging of Routo Telecom. It tells no id of a text that it took, so that there are no delivery reports.
// IceWarp SMS Service: HTTP Request Examples (the URL); Receiving SMS from Third Party Gateways (what it posts)

import { international } from './incoming-text.js';
import type { IncomingText, Preset } from './preset.js';
import { findDoubtOfPassword } from './signatures.js';
import { inQuery } from './template-literals.js';
import { type Fields, readParameters, refuse, requireField } from './webhook-fields.js';

export const routomessaging: Preset = {
  id: 'routomessaging',
  title: 'RoutoMessaging',
  parameters: [
    { name: 'user', title: 'User name' },
    { name: 'password', title: 'Password', isSecret: true },
    { name: 'senderId', title: 'Sender ID that recipients see', isOptional: true },
  ],
  request: ({ user, password, senderId }) => ({
    url:
      `http://smsc5.routotelecom.com/SMSsend?user=${inQuery(user)}&pass=${inQuery(password)}` +
      `&number=%number%&message=%data%&type=LongSMS&ownnum=${inQuery(senderId)}`,
    method: 'GET',
    // Anything else, such as `auth_failed`, comes with a 200 as well.
    successPattern: '^success',
  }),
  webhooks: {
    secret: 'a word of your own, as `secret` in the address; without it the gateway’s password, as `pass`',
    findDoubt: findDoubtOfPassword,
    readIncoming: (request) => [readPosted(readParameters(request))],
  },
};

function readPosted(fields: Fields): IncomingText {
  return {
    sender: international(requireField(fields, 'org')),
    recipient: international(fields.get('dest') ?? ''),
    text: fields.get('message') ?? refuse('message'),
  };
}
