// Watches over the texts in the phones' hands: completes what they confirmed, takes back what they did not fetch, and
// calls unknown what they fetched and never spoke of again.

import { reportSent, reportUnknown } from '../message/report.js';
import { isValidGateway } from '../message/routes.js';
import { getAttempts } from '../store/attempts.js';
import { getMessage } from '../store/messages.js';
import { getOfferingPhones, getToWithdraw, getUnconfirmed } from '../store/offers.js';
import { dropConfirmation, listConfirmations } from '../store/outbox.js';
import { assignGateway, putOff } from '../store/queue.js';
import type { Transaction } from '../store/session.js';
import type { Confirmation, Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { withdrawOffer } from './bearers/activesync.js';
import { pauseOf } from './retry.js';
import type { Roster } from './roster.js';
import type { GatewayServices } from './services.js';

// Few enough that a transaction does not hold up the requests that share its commit.
const batchSize = 50;

/** Every confirmation that is on disk is dealt with once, whoever wrote it and whenever. */
export async function completeConfirmed(services: GatewayServices): Promise<void> {
  for (;;) {
    const confirmations = await listConfirmations(services.store);
    if (confirmations.length === 0) return;
    for (let at = 0; at < confirmations.length; at += batchSize)
      await services.store.transact((tx) => completeEach(tx, confirmations.slice(at, at + batchSize), services.now()));
  }
}

function* completeEach(tx: Transaction, confirmations: readonly Confirmation[], now: number): Steps<void> {
  for (const { messageId } of confirmations) {
    const message = yield* getMessage(tx, messageId);
    if (message) yield* reportSent(tx, { message, now });
    yield* dropConfirmation(tx, messageId);
  }
}

/** The text was in the phone's hands longer than its word is waited for. */
export async function giveUpUnconfirmed(services: GatewayServices): Promise<void> {
  const { store, now } = services;
  const fetchedBefore = now() - store.settings.current.device.confirmTimeoutMinutes * 60_000;
  const reason = 'the phone took it and did not say whether it was sent';
  let found: number;
  do {
    found = await store.transact(function* (tx) {
      const unconfirmed = yield* getUnconfirmed(tx, fetchedBefore, batchSize);
      for (const message of unconfirmed) yield* reportUnknown(tx, { message, reason, now: now() });
      return unconfirmed.length;
    });
  } while (found === batchSize);
}

/** Takes back what lies too long, or with a phone that is no gateway any longer, and routes it again. */
export async function withdrawStale(services: GatewayServices, roster: Roster): Promise<void> {
  let found: number;
  do {
    found = await services.store.transact(function* (tx) {
      const stale = yield* getStale(tx, services);
      for (const message of stale) yield* withdrawOne(tx, { services, roster, message });
      return stale.length;
    });
  } while (found === batchSize);
}

function* getStale(tx: Transaction, { store, now }: GatewayServices): Steps<Message[]> {
  const at = now();
  const settings = store.settings.current;
  const phones = yield* getOfferingPhones(tx);
  if (phones.length === 0) return [];
  const invalid = phones.filter(({ device, isElected }) => {
    if (!device || !isElected) return true;
    return !isValidGateway(device, { now: at, lastOutboxSync: store.presence.lastOutboxSync(device, at), settings });
  });
  return yield* getToWithdraw(tx, {
    invalid: invalid.map(({ deviceRow }) => deviceRow),
    offeredBefore: at - settings.device.offerTimeoutMinutes * 60_000,
    now: at,
    limit: batchSize,
  });
}

interface Withdrawing {
  services: GatewayServices;
  roster: Roster;
  message: Message;
}

function* withdrawOne(tx: Transaction, { services, roster, message }: Withdrawing): Steps<void> {
  const now = services.now();
  const reason = 'the phone did not fetch it';
  if (!(yield* withdrawOffer(tx, { message, reason, now }))) return;
  // Another way at once. Back to the phone that let it lie only after a pause, or when it asks for texts again.
  const via = message.pinnedGateway === null ? yield* findAnother(tx, roster, message) : undefined;
  if (via !== undefined) yield* assignGateway(tx, [message.id], via);
  else yield* putOff(tx, [message.id], { until: now + (yield* pauseOf(tx, services, message.id)), reason });
}

function* findAnother(tx: Transaction, roster: Roster, message: Message): Steps<string | undefined> {
  const attempts = yield* getAttempts(tx, message.id);
  const ways = yield* roster.ways(tx, [message]);
  const route = ways.withoutGateway(message.gateway).choose({ message, phone: undefined, attempts });
  return route && 'via' in route ? route.via : undefined;
}
