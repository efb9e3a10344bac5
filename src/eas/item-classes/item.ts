// An item of the mailbox as the children of ApplicationData, under the class the device knows it by.

import type { Surroundings } from '../../mail/text-mail.js';
import type { Session } from '../../store/session.js';
import type { ItemClass, StickyOptions } from '../../store/states.js';
import type { Item, User } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import type { Element } from '../../wbxml/element.js';
import type { ProtocolVersion } from '../versions.js';
import { loadContent, type MailContent, nothingBeside, writeMail } from './mail.js';
import { writeSms } from './sms.js';

export interface ItemWish {
  /** A text is shown as mail to a device that asks for no texts. */
  as: ItemClass;
  version: ProtocolVersion;
  /** Of that class; absent where the device said nothing of it. */
  options: StickyOptions | undefined;
  owner: User;
  /** What helps to tell who wrote a text. */
  surroundings?: Surroundings;
  /** Says all of the above: what was written for an equal wish is the same. */
  name?: string;
}

export function* writeItem(session: Session, item: Item, wish: ItemWish): Steps<Element[]> {
  return writeItemWith(item, wish, hasContent(item, wish) ? yield* loadContent(session, item, wish) : nothingBeside);
}

/** Whether there is more of it to be read than its row. */
export function hasContent({ properties }: Item, { as }: Pick<ItemWish, 'as'>): boolean {
  return as !== 'SMS' && (properties.hasContent === true || properties.hasAttachments === true);
}

export function writeItemWith(item: Item, wish: ItemWish, content: MailContent): Element[] {
  return wish.as === 'SMS' ? writeSms(item, wish) : writeMail(item, wish, content);
}
