// AUTH: as a user, or as an SMS account. RFC 4954 4 The AUTH Command, RFC 4616 2 PLAIN SASL Mechanism

import type { Sender } from '../accounts/decide.js';
import type { Conversation } from './conversation.js';
import { SmtpError } from './errors.js';
import { limits } from './limits.js';
import type { SmtpServices } from './services.js';

export interface LogIn {
  username?: string | undefined;
  password?: string | null | undefined;
  /** PLAIN: on whose behalf. */
  authzid?: string | undefined;
}

/**
 * Throws SmtpError BAD_CREDENTIALS, TOO_MANY_CONNECTIONS, AccountError LOCKED_OUT, TOO_MANY_REQUESTS,
 * BACK_END_UNAVAILABLE.
 */
export async function logIn(services: SmtpServices, conversation: Conversation, given: LogIn): Promise<Sender> {
  const { username: name = '', password, authzid } = given;
  const { address } = conversation;
  if (conversation.wrongPasswords >= limits.wrongPasswords) throw new SmtpError('TOO_MANY_CONNECTIONS');
  services.credentials.rates.countAddress(address);
  // Nobody sends as somebody else. Some programs write the name into both places, or into the first alone.
  const isForOther = authzid !== undefined && authzid !== '' && authzid !== name;
  const now = services.now();
  const login = { name, password: password ?? undefined, address, now };
  const sender = isForOther ? undefined : await services.credentials.senders.verify(login);
  if (sender) return sender.way === 'system' ? { ...sender, way: 'session' } : sender;
  conversation.wrongPasswords++;
  throw new SmtpError('BAD_CREDENTIALS');
}
