// A rule lays a copy of an outgoing text into a folder. Where incoming texts lie is decided in their own commit.

import { writeMobileAddress } from '../sms/mobile-address.js';
import { addItem } from '../store/items.js';
import type { Transaction } from '../store/session.js';
import type { Effect, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser, getUserRow } from '../store/users.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { MoveEffect } from './effect-rows.js';
import { ensureFolder } from './folder-path.js';

export async function moveIntoFolder({ store, now }: EffectServices, effect: Effect): Promise<Came> {
  const { address, folder, message } = effect.document as unknown as MoveEffect;
  const wanted = { address, userId: effect.userId };
  const user = await store.read((session) => findUser(session, wanted));
  if (!user) return { state: 'failed', error: 'there is no user to have it' };
  const isThere = await store.transact((tx) => canHave(tx, user, folder));
  if (!isThere) return { state: 'failed', error: 'there can be no such folder' };
  const to = writeMobileAddress({ number: /^[^@&?]*/.exec(message.to)![0] });
  const from = writeMobileAddress({ name: user.displayName ?? undefined, number: user.phoneNumber ?? undefined });
  return { state: 'done', alongside };

  function* alongside(tx: Transaction): Steps<void> {
    const found = yield* ensureFolder(tx, user!.id, folder);
    if (!found) return;
    const text = message.isBinary ? '[binary message]' : message.body;
    const item = { class: 'SMS', from, to, text, date: now(), read: true } as const;
    yield* addItem(tx, { ...item, userId: user!.id, folderId: found.id });
  }
}

function* findUser(
  session: Parameters<typeof getUser>[0],
  { address, userId }: { address: string | undefined; userId: number | null },
): Steps<User | undefined> {
  if (address !== undefined) return yield* getUser(session, address.toLowerCase());
  return userId === null ? undefined : yield* getUserRow(session, userId);
}

function* canHave(tx: Transaction, user: User, folder: string): Steps<boolean> {
  return (yield* ensureFolder(tx, user.id, folder)) !== undefined;
}
