// RCPT TO: what one address of the envelope stands for, and whether this peer may have it.
// RFC 5321 4.1.1.3 RCPT

import type { Destination } from '../message/arrival.js';
import { readTextRecipient } from '../mail/address.js';
import { type Addressed, findAddressed } from '../message/addressed.js';
import { MessageError } from '../message/errors.js';
import { checkNumber, findRecipient, type Found } from '../message/mail-recipients.js';
import type { Session } from '../store/session.js';
import type { Steps } from '../store/transaction.js';
import { type Conversation, userOf } from './conversation.js';
import { SmtpError } from './errors.js';
import { expand } from './expand.js';
import { limits } from './limits.js';
import { orderText } from './order-text.js';
import type { SmtpServices } from './services.js';

/** Throws SmtpError, MessageError, AccountError. */
export async function takeRecipient(
  services: SmtpServices,
  conversation: Conversation,
  address: string,
): Promise<readonly Destination[]> {
  if (address.length > limits.recipientCharacters) throw new MessageError('RECIPIENT_UNRESOLVED');
  const found = await find(services, address);
  if ('distribution' in found) return expand(services, conversation, found);
  if ('text' in found) return [await orderText(services, conversation, { recipient: found.text })];
  if ('userId' in found) return [mailbox(conversation, found.userId)];
  return [elsewhere(services, conversation, found.other)];
}

/** Most are for numbers, which are known by themselves: the store is not asked. */
async function find({ store }: SmtpServices, address: string): Promise<Found | Addressed> {
  const text = readTextRecipient(address);
  if (text) return { text: checkNumber(text) };
  const { smsDomains } = store.settings.current.mail;
  return store.read((session) => findIn(session, address, smsDomains));
}

function* findIn(session: Session, address: string, smsDomains: readonly string[]): Steps<Found | Addressed> {
  return (yield* findAddressed(session, address)) ?? (yield* findRecipient(session, address, smsDomains));
}

function mailbox(conversation: Conversation, userId: number): Destination {
  if (!conversation.sender && !conversation.isTrusted) throw new SmtpError('AUTHENTICATION_REQUIRED');
  return { kind: 'user', userId };
}

// Of a mail server we are the end of the way: what it gives us for elsewhere would run in a circle.
function elsewhere({ hasRelay }: SmtpServices, conversation: Conversation, address: string): Destination {
  if (!conversation.sender && !conversation.isTrusted) throw new SmtpError('AUTHENTICATION_REQUIRED');
  if (!conversation.sender || !userOf(conversation)) throw new SmtpError('RELAY_DENIED');
  if (!hasRelay) throw new MessageError('NO_RELAY');
  return { kind: 'other', address };
}
