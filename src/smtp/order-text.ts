// A text that the envelope orders: its parameters, who pays, and whether anything could carry it.

import type { TextRecipient } from '../mail/address.js';
import { readWishes } from '../message/address-wishes.js';
import { checkOrder, type Destination } from '../message/arrival.js';
import type { Conversation } from './conversation.js';
import type { SmtpServices } from './services.js';
import { findTextSender } from './text-sender.js';

export interface OrderedText {
  recipient: TextRecipient;
  /** Of a list: name and password in the address come first. */
  isMember?: boolean;
  /** Of a notification: what takes the place of the words. */
  template?: string | undefined;
}

/** Throws SmtpError, MessageError, AccountError. */
export async function orderText(
  services: SmtpServices,
  conversation: Conversation,
  { recipient, isMember = false, template }: OrderedText,
): Promise<Destination> {
  const wishes = readWishes(recipient);
  const { maxParts } = services.store.settings.current.mail;
  const { parameters } = recipient;
  const sender = await findTextSender(services, conversation, { parameters, isMember });
  const isCut = wishes.binary === undefined && wishes.maxParts === undefined;
  const order = { wishes: isCut ? { ...wishes, maxParts } : wishes, ...sender, template };
  await checkOrder(services, order);
  return { kind: 'text', order };
}
