// E-mail: SMTP is application 25, POP3 110, IMAP4 143. What comes in and what goes out are joined by the same PROVIDER-ID.
// OMNA AC 25, 110, 143

import { PushError } from '../errors.js';
import type { Values } from '../parameters.js';
import type { Profile } from '../profile.js';
import { address, authentication, characteristic, parm, provisioningDocument } from './characteristic.js';

const applications = { smtp: '25', pop3: '110', imap4: '143' } as const;
type Protocol = keyof typeof applications;

export const email: Profile = {
  name: 'email',
  format: 'oma',
  title: 'an e-mail account: SMTP, POP3 or IMAP4, alone or one of each way',
  aliases: ['e-mail', 'mail'],
  parameters: [
    { name: 'name', title: 'what the owner sees', wire: 'NAME' },
    { name: 'id', title: 'what joins the two ways', wire: 'PROVIDER-ID' },
    { name: 'address', title: "the account's own address", wire: 'FROM' },
    { name: 'user', title: 'user name', wire: 'AAUTHNAME' },
    { name: 'password', title: 'password', wire: 'AAUTHSECRET', isSecret: true },
    ...(['smtp', 'pop3', 'imap4'] as const).flatMap((protocol) => [
      { name: `${protocol}Server`, title: `host of ${protocol.toUpperCase()}` },
      { name: `${protocol}Port`, title: 'its port' },
      { name: `${protocol}Service`, title: 'its service, such as STARTTLS or a number of a port with TLS' },
    ]),
    { name: 'smtpAuth', title: '0: mail goes out without a password', values: ['0', '1'] },
  ],
  write: (values) => {
    const written = (['imap4', 'pop3', 'smtp'] as const).map((protocol) => writeAccount(values, protocol));
    if (written.every((each) => each === undefined))
      throw new PushError('BAD_FIELD', { field: 'parameters.smtpServer' });
    return provisioningDocument(written);
  },
};

function writeAccount(values: Values, protocol: Protocol) {
  const server = values.text(`${protocol}Server`);
  if (server === undefined) return undefined;
  const isOut = protocol === 'smtp';
  const hasPassword = !isOut || values.text('smtpAuth') !== '0';
  return characteristic('APPLICATION', [
    parm('APPID', applications[protocol]),
    parm('PROVIDER-ID', values.text('id') ?? values.text('address')),
    parm('NAME', values.text('name')),
    isOut ? parm('FROM', values.text('address')) : undefined,
    address(server, values.text(`${protocol}Port`), values.text(`${protocol}Service`)),
    hasPassword ? authentication({ name: values.text('user'), secret: values.text('password') }) : undefined,
  ]);
}
