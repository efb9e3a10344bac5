// What grows by itself and is worth nothing after a while.

import { forgetClientAdds } from './client-adds.js';
import { forgetRequests } from './idempotency.js';
import { forgetFinishedMails } from './mails.js';
import type { Store } from './open.js';

export const housekeepingMilliseconds = 60 * 60 * 1000;
/** Far longer than the week within which a repeated Add must be recognised: a phone may lie in a drawer. */
export const clientAddsKeptMilliseconds = 30 * 24 * 60 * 60 * 1000;
/** As long as somebody may ask what became of a mail. */
export const mailsKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;
/** How long a repeated request gets its first answer again. */
export const requestsKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;

export async function keepHouse(store: Store, now: number): Promise<void> {
  await store.transact((tx) => forgetClientAdds(tx, now - clientAddsKeptMilliseconds));
  await store.transact((tx) => forgetFinishedMails(tx, now - mailsKeptMilliseconds));
  await store.transact((tx) => forgetRequests(tx, now - requestsKeptMilliseconds));
}
