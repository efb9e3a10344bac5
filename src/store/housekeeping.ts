// What grows by itself and is worth nothing after a while.

import { forgetClientAdds } from './client-adds.js';
import type { Store } from './open.js';

export const housekeepingMilliseconds = 60 * 60 * 1000;
/** Far longer than the week within which a repeated Add must be recognised: a phone may lie in a drawer. */
export const clientAddsKeptMilliseconds = 30 * 24 * 60 * 60 * 1000;

export async function keepHouse(store: Store, now: number): Promise<void> {
  await store.transact((tx) => forgetClientAdds(tx, now - clientAddsKeptMilliseconds));
}
