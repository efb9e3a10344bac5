// Who pays for a text: who logged in, else the name and password in its address, else whom a trusted mail server names.
// The document, *Processing Order*. See docs/decisions/0131.

import type { Sender, Terms } from '../accounts/decide.js';
import { termsOf } from '../accounts/sending.js';
import { readFlag } from '../message/address-wishes.js';
import type { Conversation } from './conversation.js';
import { SmtpError } from './errors.js';
import type { SmtpServices } from './services.js';

export interface TextSender {
  sender: Sender;
  terms: Terms;
}

type Parameters = ReadonlyMap<string, string>;

export interface TextAddress {
  parameters: Parameters;
  /** Of a mailing list: who is named in the address pays, not who wrote. */
  isMember: boolean;
}

/**
 * Throws SmtpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, AccountError LOCKED_OUT, TOO_MANY_REQUESTS,
 * BACK_END_UNAVAILABLE, ACCESS_DENIED, ACCOUNT_INACTIVE, ACCOUNT_EXPIRED, RATE_EXCEEDED.
 */
export async function findTextSender(
  services: SmtpServices,
  conversation: Conversation,
  address: TextAddress,
): Promise<TextSender> {
  const found = await findAllowed(services, conversation, address);
  services.credentials.rates.countSender(found.terms);
  return found;
}

async function findAllowed(
  services: SmtpServices,
  conversation: Conversation,
  { parameters, isMember }: TextAddress,
): Promise<TextSender> {
  const isNamed = parameters.get('user') !== undefined;
  const known = isMember && isNamed ? undefined : sessionSender(conversation);
  if (known && !isNamed) return withTerms(services, known);
  if (known) {
    // Who may not send by himself may have an SMS account that may.
    try {
      return await withTerms(services, known);
    } catch {
      return withTerms(services, await namedSender(services, conversation, parameters));
    }
  }
  if (isNamed) return withTerms(services, await namedSender(services, conversation, parameters));
  if (conversation.isTrusted && readFlag(parameters, 'authenticated')) return withTerms(services, nobody);
  throw new SmtpError('AUTHENTICATION_REQUIRED');
}

const nobody: Sender = { way: 'session' };

function sessionSender({ sender, vouchedFor }: Conversation): Sender | undefined {
  return sender ?? (vouchedFor && { way: 'session', user: vouchedFor });
}

async function namedSender(
  services: SmtpServices,
  conversation: Conversation,
  parameters: Parameters,
): Promise<Sender> {
  const name = parameters.get('user') ?? '';
  const { senders } = services.credentials;
  const { address, isTrusted } = conversation;
  const isVouched = isTrusted && readFlag(parameters, 'authenticated');
  const login = { name, password: parameters.get('pass'), address, now: services.now() };
  const sender = await (isVouched ? senders.lookUp(name) : senders.verify(login));
  if (!sender) throw new SmtpError('BAD_CREDENTIALS');
  return sender;
}

async function withTerms({ store, now }: SmtpServices, sender: Sender): Promise<TextSender> {
  return { sender, terms: await termsOf(store, sender, now()) };
}
