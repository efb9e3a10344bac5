// What came into a user's Inbox goes on as a text: through the one way into the queue, at the user's expense, once however often
// it is tried. The user is told in the mailbox what does not go on; that goes nowhere from there.

import { termsOf } from '../accounts/sending.js';
import type { Transaction } from '../store/session.js';
import type { Effect, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { readWishes, submissionOf } from './address-wishes.js';
import type { Came, EffectServices } from './effect-deeds.js';
import { keyOf, overHour, troubleOf } from './effect-text.js';
import type { ForwardEffect } from './forward-text.js';
import { deliverLetter } from './letter.js';
import { readTextAddress } from './mail-recipients.js';
import { submit } from './submit.js';

export async function forwardToPhone(services: EffectServices, effect: Effect): Promise<Came> {
  const { store, now } = services;
  const user = await store.read((session) => getUserRow(session, effect.userId!));
  if (!user) return { state: 'failed', error: 'the user is gone' };
  const over = await overHour(services, effect);
  if (over) return over;
  try {
    await send(services, effect, { user, now: now() });
    return { state: 'done' };
  } catch (error) {
    return troubleOf(error);
  }
}

async function send(services: EffectServices, effect: Effect, { user, now }: { user: User; now: number }) {
  const { to, text } = effect.document as unknown as ForwardEffect;
  const { maxParts } = services.store.settings.current.mail;
  const terms = await termsOf(services.store, { way: 'session', user }, now);
  const submission = submissionOf(readWishes(readTextAddress(to)!), { text }, 'forward');
  submission.maxParts ??= maxParts;
  await submit(services, { ...submission, user, terms, hops: effect.hops, idempotency: keyOf(effect) });
}

/** Part of the commit that ends it. */
export function* tellUndone(
  tx: Transaction,
  { userId, document }: Effect,
  { error, now }: { error: string; now: number },
): Steps<void> {
  const user = userId === null ? undefined : yield* getUserRow(tx, userId);
  if (!user) return;
  const { to, text } = document as unknown as ForwardEffect;
  const number = readTextAddress(to)?.number ?? to;
  const words = `What came into your Inbox did not go on to ${number} as a text: ${error}.\n\nIt was:\n\n${text}\n`;
  yield* deliverLetter(tx, { to: user, subject: `Nothing went on to ${number}`, text: words, now, staysHere: true });
}
