// Conversations as devices name them, and what else of its mailbox a text needs to be read as mail.
// MS-ASCON 2.2.2.3 ConversationId

import { mailViewOf, type Surroundings } from '../mail/text-mail.js';
import type { CountryCode } from '../sms/number.js';
import type { Folder, Item } from '../store/tables.js';
import type { Element } from '../wbxml/element.js';
import type { Exchange } from './exchange.js';

const conversationIdOctets = 16;

/** `undefined` where there is none, or one of another length. */
export function readConversationId(element: Element | undefined): Uint8Array | undefined {
  const content = element?.content;
  return content instanceof Uint8Array && content.length === conversationIdOctets ? content : undefined;
}

export type SurroundingsOf = (item: Pick<Item, 'folderId'>) => Surroundings;

/** The same that Sync goes by: an item has one ConversationId, whichever command gives it. */
export function surroundingsIn(folders: readonly Folder[], { services }: Pick<Exchange, 'services'>): SurroundingsOf {
  const types = new Map(folders.map(({ id, type }) => [id, type]));
  const defaultCountry = services.store.settings.current.defaultCountry as CountryCode | undefined;
  return ({ folderId }) => ({ folderType: types.get(folderId), defaultCountry });
}

/** Whether an item of these folders is one of that conversation. */
export function conversationMatcher(
  conversationId: Uint8Array,
  folders: readonly Folder[],
  exchange: Pick<Exchange, 'services' | 'user'>,
): (item: Item) => boolean {
  const surroundingsOf = surroundingsIn(folders, exchange);
  return (item) =>
    Buffer.from(mailViewOf(item, exchange.user, surroundingsOf(item)).conversationId).equals(conversationId);
}
