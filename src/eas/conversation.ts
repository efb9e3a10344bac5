// Conversations as devices name them.
// MS-ASCON 2.2.2.3 ConversationId

import { mailViewOf } from '../mail/text-mail.js';
import type { Item, User } from '../store/tables.js';
import type { Element } from '../wbxml/element.js';

const conversationIdOctets = 16;

/** `undefined` where there is none, or one of another length. */
export function readConversationId(element: Element | undefined): Uint8Array | undefined {
  const content = element?.content;
  return content instanceof Uint8Array && content.length === conversationIdOctets ? content : undefined;
}

export function isOfConversation(item: Item, owner: User, conversationId: Uint8Array): boolean {
  return Buffer.from(mailViewOf(item, owner).conversationId).equals(conversationId);
}
