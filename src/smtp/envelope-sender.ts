// MAIL FROM: whose name the mail goes under. RFC 5321 4.1.1.2 MAIL, RFC 6409 6.1 Enforce Submission Rights

import type { Account } from '../accounts/access.js';
import { getDomain } from '../store/domains.js';
import { type Conversation, userOf } from './conversation.js';
import { SmtpError } from './errors.js';
import type { SmtpServices } from './services.js';

/** Throws SmtpError FOREIGN_SENDER, AccountError RATE_EXCEEDED. */
export async function takeSender(services: SmtpServices, conversation: Conversation, address: string): Promise<void> {
  conversation.destinations.clear();
  conversation.vouchedFor = undefined;
  services.credentials.rates.countAddress(conversation.address);
  if (conversation.sender) return checkOwn(services, conversation, address.toLowerCase());
  if (!conversation.isTrusted || address === '') return;
  conversation.vouchedFor = await lookUp(services, conversation, address);
}

// A mail server gives mail after mail of one sender. Access is asked for each text all the same, by `termsOf`.
const rememberedMilliseconds = 2_000;

async function lookUp(
  { credentials, now }: SmtpServices,
  conversation: Conversation,
  address: string,
): Promise<Account | undefined> {
  const { lastVouched } = conversation;
  if (lastVouched?.address === address && now() < lastVouched.until) return lastVouched.account;
  const account = await credentials.lookUp(address);
  conversation.lastVouched = account && { address, account, until: now() + rememberedMilliseconds };
  return account;
}

// Somebody else's address elsewhere is no pretence: the mail leaves under the user's own.
async function checkOwn({ store }: SmtpServices, conversation: Conversation, address: string): Promise<void> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  if (address === '' || isOwn(userOf(conversation), address)) return;
  const isOurs = (await store.read((session) => getDomain(session, domain))) !== undefined;
  if (isOurs) throw new SmtpError('FOREIGN_SENDER');
}

function isOwn(user: Account | undefined, address: string): boolean {
  return user !== undefined && (user.address === address || user.aliases.includes(address));
}
