// An outbound text as the mail it would be, for reports that return it.

import { composeMail } from '../mail/compose.js';
import { textViewOf } from '../mail/text-mail.js';
import { writeMobileAddress } from '../sms/mobile-address.js';
import { FolderType } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { Message, User } from '../store/tables.js';
import { addressOfNumber } from '../mail/address.js';
import { isBinary } from './content.js';
import { surroundingsOf } from './forward.js';

export interface SentText {
  octets: Uint8Array;
  messageId: string;
  /** Of its conversation, itself, and the mail it was written as. */
  references: string;
  /** Of its recipient in mail programs. */
  recipient: string;
}

/** The sender is who is told of it. */
export function sentTextOf(
  tx: Transaction,
  message: Message,
  sender: User | { address: string; domain: string },
): SentText {
  const { recipient: number, properties, createdAt: date } = message;
  const text = isBinary(message) ? '[binary message]' : message.text;
  const inReplyTo = properties?.mailId;
  const owner = { displayName: null, phoneNumber: null, ...sender };
  const to = writeMobileAddress({ number });
  const item = { id: 0, from: '', to, text, date, messageId: message.id, properties: inReplyTo ? { inReplyTo } : {} };
  const view = textViewOf(item, owner, { ...surroundingsOf(tx), folderType: FolderType.SentItems });
  const { from, subject, messageId, references = '' } = view;
  const octets = composeMail({ from, to: view.to, subject, date, messageId, inReplyTo, references, text });
  const { address: recipient } = addressOfNumber({ number, domain: owner.domain });
  return { octets, messageId, references: `${references} ${messageId}`, recipient };
}
