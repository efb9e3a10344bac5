// Where an incoming text lies: in the Inbox of everybody its gateway delivers to, else of the administrators.

import { writeMobileAddress } from '../sms/mobile-address.js';
import { getGateway } from '../store/gateways.js';
import { markPlaced } from '../store/incoming.js';
import { addItem } from '../store/items.js';
import { FolderType, getFolderOfType } from '../store/mailboxes.js';
import type { Transaction } from '../store/session.js';
import type { Incoming, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getAdministrators, getUser } from '../store/users.js';
import { wordsOf } from './incoming-words.js';

export interface Placement {
  /** Who has it now; nobody where there is no administrator either: it is kept until there is somebody. */
  users: readonly User[];
  /** Addresses that the gateway delivers to and that no user has. */
  strayAddresses: number;
}

export function* placeIncoming(tx: Transaction, text: Incoming, now: number): Steps<Placement> {
  const placement = yield* chooseRecipients(tx, text);
  for (const user of placement.users) yield* addToInbox(tx, { text, user, now });
  const isPlaced = placement.users.length > 0;
  const wasPlaced = text.properties?.unplaced === undefined;
  if (isPlaced !== wasPlaced) yield* markPlaced(tx, text, isPlaced);
  return placement;
}

function* chooseRecipients(tx: Transaction, { gateway }: Incoming): Steps<Placement> {
  const addresses = (yield* getGateway(tx, gateway))?.deliverTo ?? [];
  const found = new Map<number, User>();
  let strayAddresses = 0;
  for (const address of addresses) {
    const user = yield* getUser(tx, address.toLowerCase());
    if (user) found.set(user.id, user);
    else strayAddresses++;
  }
  const users = found.size > 0 ? [...found.values()] : yield* getAdministrators(tx);
  return { users, strayAddresses };
}

function* addToInbox(tx: Transaction, { text, user, now }: { text: Incoming; user: User; now: number }): Steps<void> {
  const inbox = yield* getFolderOfType(tx, user.id, FolderType.Inbox);
  const number = text.recipient ?? user.phoneNumber ?? undefined;
  yield* addItem(tx, {
    userId: user.id,
    folderId: inbox.id,
    class: 'SMS',
    from: writeMobileAddress({ number: text.sender }),
    to: writeMobileAddress({ name: user.displayName ?? undefined, number }),
    text: wordsOf(text),
    date: now,
  });
}
