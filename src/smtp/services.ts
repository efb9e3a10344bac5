// What the SMTP room is given by the server that starts it.

import type { Logger } from 'pino';
import type { Credentials } from '../accounts/credentials.js';
import type { MailServices } from '../message/mail.js';

export interface SmtpServices extends MailServices {
  credentials: Credentials;
  /** Mail servers whose word is taken for who sends; none where it is not given. */
  trustedNetworks?: { has(address: string): boolean } | undefined;
  log: Logger;
}
