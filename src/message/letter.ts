// Mail that the server itself writes into a user's Inbox.

import { addItem } from '../store/items.js';
import { FolderType, getFolderOfType } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { forwardItem } from './forward.js';

export interface Letter {
  to: User;
  subject: string;
  text: string;
  now: number;
}

export function* deliverLetter(tx: Transaction, { to, subject, text, now }: Letter): Steps<void> {
  const inbox = yield* getFolderOfType(tx, to.id, FolderType.Inbox);
  const item = yield* addItem(tx, {
    userId: to.id,
    folderId: inbox.id,
    class: 'Email',
    from: `postmaster@${to.domain}`,
    to: to.address,
    subject,
    text,
    date: now,
  });
  yield* forwardItem(tx, { user: to, item, now });
}
