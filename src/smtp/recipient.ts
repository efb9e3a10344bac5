// RCPT TO: what one address of the envelope stands for, and whether this peer may have it.
// RFC 5321 4.1.1.3 RCPT

import { readWishes } from '../message/address-wishes.js';
import { checkOrder, type Destination } from '../message/arrival.js';
import { readTextRecipient, type TextRecipient } from '../mail/address.js';
import { MessageError } from '../message/errors.js';
import { checkNumber, findRecipient, type Found } from '../message/mail-recipients.js';
import { type Conversation, userOf } from './conversation.js';
import { SmtpError } from './errors.js';
import { limits } from './limits.js';
import type { SmtpServices } from './services.js';
import { findTextSender } from './text-sender.js';

/** Throws SmtpError, MessageError, AccountError. */
export async function takeRecipient(
  services: SmtpServices,
  conversation: Conversation,
  address: string,
): Promise<readonly Destination[]> {
  if (address.length > limits.recipientCharacters) throw new MessageError('RECIPIENT_UNRESOLVED');
  const found = await find(services, address);
  if ('text' in found) return [await orderText(services, conversation, found.text)];
  if ('userId' in found) return [mailbox(conversation, found.userId)];
  return [elsewhere(services, conversation, found.other)];
}

/** Most are for numbers, which are known by themselves: the store is not asked. */
async function find({ store }: SmtpServices, address: string): Promise<Found> {
  const text = readTextRecipient(address);
  if (text) return { text: checkNumber(text) };
  const { smsDomains } = store.settings.current.mail;
  return store.read((session) => findRecipient(session, address, smsDomains));
}

async function orderText(
  services: SmtpServices,
  conversation: Conversation,
  recipient: TextRecipient,
): Promise<Destination> {
  const wishes = readWishes(recipient);
  const { maxParts } = services.store.settings.current.mail;
  const sender = await findTextSender(services, conversation, recipient.parameters);
  const isCut = wishes.binary === undefined && wishes.maxParts === undefined;
  const order = { wishes: isCut ? { ...wishes, maxParts } : wishes, ...sender };
  await checkOrder(services, order);
  return { kind: 'text', order };
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
