// What grows by itself and is worth nothing after a while.

import { forgetAudited } from './audit.js';
import { forgetEarlyReports, forgetReferences } from './bearer-references.js';
import { forgetClientAdds } from './client-adds.js';
import { forgetFamiliar } from './familiar-places.js';
import { forgetEffects } from './effects.js';
import { forgetUse } from './gateway-usage.js';
import { forgetRequests } from './idempotency.js';
import { forgetIncoming } from './incoming.js';
import { monthOf } from './local-calendar.js';
import { forgetFinishedMails } from './mails.js';
import { forgetConcatenations } from './modems.js';
import type { Store } from './open.js';
import { forgetLinks } from './reply-links.js';
import { forgetCalls, giveUpCalls, trimGivenUp } from './webhook-calls.js';
import { listWebhooks } from './webhooks.js';

export const housekeepingMilliseconds = 60 * 60 * 1000;
/** Far longer than the week within which a repeated Add must be recognised: a phone may lie in a drawer. */
export const clientAddsKeptMilliseconds = 30 * 24 * 60 * 60 * 1000;
/** As long as somebody may ask what became of a mail. */
export const mailsKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;
/** As long as a gateway may bring the same text again. */
export const incomingKeptMilliseconds = 30 * 24 * 60 * 60 * 1000;
/** As long as a carrier may keep a text for a phone that is switched off, twice. */
export const referencesKeptMilliseconds = 14 * 24 * 60 * 60 * 1000;
/** Far longer than a gateway takes to say that it took a text. */
export const earlyReportsKeptMilliseconds = 24 * 60 * 60 * 1000;
/** No number of a long text comes again within the day, and one day more for clocks that are set. */
const concatenationsKeptMilliseconds = 2 * 24 * 60 * 60 * 1000;
/** How long a repeated request gets its first answer again. */
export const requestsKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;
/** A phone that was away for longer than that is new again. */
export const familiarKeptMilliseconds = 90 * 24 * 60 * 60 * 1000;
/** So that a log that grew for years does not hold up everybody when it is shortened. */
const auditedAtOnce = 5000;
/** What rules brought about: as long as somebody may ask what became of it, longer where it came to nothing. */
export const effectsDoneKeptMilliseconds = 24 * 60 * 60 * 1000;
export const effectsKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;
/** Events that a webhook did not take, to be looked at. */
export const callsKept = 1000;
const callsKeptMilliseconds = 7 * 24 * 60 * 60 * 1000;

export async function keepHouse(store: Store, now: number): Promise<void> {
  await store.transact((tx) => forgetClientAdds(tx, now - clientAddsKeptMilliseconds));
  await store.transact((tx) => forgetFinishedMails(tx, now - mailsKeptMilliseconds));
  await store.transact((tx) => forgetIncoming(tx, now - incomingKeptMilliseconds));
  await store.transact((tx) => forgetReferences(tx, now - referencesKeptMilliseconds));
  await store.transact((tx) => forgetEarlyReports(tx, now - earlyReportsKeptMilliseconds));
  await store.transact((tx) => forgetConcatenations(tx, now - concatenationsKeptMilliseconds));
  await store.transact((tx) => forgetLinks(tx, now));
  await store.transact((tx) => forgetRequests(tx, now - requestsKeptMilliseconds));
  await store.transact((tx) => forgetUse(tx, now, monthOf(now).name));
  await store.transact((tx) => forgetFamiliar(tx, now - familiarKeptMilliseconds));
  await keepAudit(store, now);
  await store.transact((tx) =>
    forgetEffects(tx, { done: now - effectsDoneKeptMilliseconds, others: now - effectsKeptMilliseconds }),
  );
  await keepWebhookCalls(store, now);
}

async function keepAudit(store: Store, now: number): Promise<void> {
  const { keepDays } = store.settings.current.audit;
  if (keepDays === 0) return;
  const before = now - keepDays * 24 * 60 * 60 * 1000;
  while (await store.transact((tx) => forgetAudited(tx, before, auditedAtOnce)));
}

async function keepWebhookCalls(store: Store, now: number): Promise<void> {
  const giveUpAfterMilliseconds = store.settings.current.webhooks.giveUpAfterMinutes * 60_000;
  await store.transact((tx) => giveUpCalls(tx, now - giveUpAfterMilliseconds));
  await store.transact((tx) => forgetCalls(tx, now - giveUpAfterMilliseconds - callsKeptMilliseconds));
  for (const { id } of await listWebhooks(store, { limit: Number.MAX_SAFE_INTEGER }))
    await store.transact((tx) => trimGivenUp(tx, id, callsKept));
}
