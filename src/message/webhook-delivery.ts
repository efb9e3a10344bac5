// Carries events to webhooks: wakes when one is due, at least once for each, and one receiver that is down holds up no other.

import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { HookError } from '../hooks/errors.js';
import type { HttpCaller } from '../hooks/http-call.js';
import type { Store } from '../store/open.js';
import { retryDelayMilliseconds } from '../store/retry-delay.js';
import { Rounds } from '../store/rounds.js';
import type { Transaction } from '../store/session.js';
import type { Webhook, WebhookCall } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { claimCalls, finishCall, getNextCallDue, postponeCall } from '../store/webhook-calls.js';
import { getActiveWebhooks, noteWebhookError } from '../store/webhooks.js';
import { limits } from './limits.js';
import { Receiver } from './webhook-receiver.js';
import { writeCall } from './webhook-request.js';

export interface WebhookServices {
  readonly store: Store;
  readonly log: Logger;
  readonly now: () => number;
  readonly caller: HttpCaller;
  /** From 0 to below 1; spreads retries. */
  readonly random?: () => number;
}

/** How long `stop` waits for calls under way before it breaks them off. */
const graceMilliseconds = 5_000;

export class WebhookDelivery {
  readonly #services: WebhookServices;
  readonly #graceMilliseconds: number;
  readonly #unlisten: readonly (() => void)[];
  readonly #receivers = new Map<string, Receiver>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #breakOff = new AbortController();
  readonly #rounds: Rounds;

  constructor(services: WebhookServices, times: { graceMilliseconds?: number } = {}) {
    const { changes } = services.store;
    this.#services = services;
    this.#rounds = new Rounds({
      look: () => this.#look(),
      nextDue: () => this.#nextDue(),
      now: services.now,
      log: services.log,
      failure: 'a round of the webhooks failed and is repeated',
    });
    // Each call under way listens.
    setMaxListeners(0, this.#breakOff.signal);
    this.#graceMilliseconds = times.graceMilliseconds ?? graceMilliseconds;
    this.#unlisten = [
      changes.listen('webhook-call', () => this.#rounds.wakeIn(0)),
      changes.listen('webhooks', () => this.#forgetTroubles()),
      changes.listen('settings', () => this.#rounds.wakeIn(0)),
    ];
  }

  start(): void {
    this.#rounds.start();
  }

  /** What is broken off is called again after the next start. */
  async stop(): Promise<void> {
    for (const unlisten of this.#unlisten) unlisten();
    await this.#rounds.stop();
    const timer = setTimeout(() => this.#breakOff.abort(), this.#graceMilliseconds);
    await Promise.all(this.#underWay);
    clearTimeout(timer);
  }

  /** Makes every call that is due at this instant, started or not, and waits for what comes of them. */
  async settle(): Promise<void> {
    while ((await this.#look()) > 0) await Promise.all(this.#underWay);
  }

  /** How many calls began. */
  async #look(): Promise<number> {
    const { store, now } = this.#services;
    const webhooks = await store.read(getActiveWebhooks);
    const ready = webhooks.filter(({ id }) => this.#receiver(id).room(now()) > 0);
    if (ready.length === 0) return 0;
    const claimed = await store.transact((tx) => this.#claim(tx, ready));
    for (const [webhook, call] of claimed) this.#begin(webhook, call);
    return claimed.length;
  }

  *#claim(tx: Transaction, webhooks: readonly Webhook[]): Steps<[Webhook, WebhookCall][]> {
    const claimed: [Webhook, WebhookCall][] = [];
    const now = this.#services.now();
    for (const webhook of webhooks) {
      const receiver = this.#receiver(webhook.id);
      const claim = { webhook: webhook.id, now, limit: receiver.room(now), except: receiver.underWay };
      const calls = yield* claimCalls(tx, { ...claim, dueAgain: (attempts) => now + this.#pause(attempts) });
      claimed.push(...calls.map((call): [Webhook, WebhookCall] => [webhook, call]));
    }
    return claimed;
  }

  #begin(webhook: Webhook, call: WebhookCall): void {
    const receiver = this.#receiver(webhook.id);
    receiver.underWay.add(call.id);
    const landed = this.#carry(webhook, call)
      .catch((err: unknown) => this.#services.log.error({ webhook: webhook.id, err }, 'an outcome could not be stored'))
      .finally(() => {
        receiver.underWay.delete(call.id);
        this.#underWay.delete(landed);
        // Several calls begin in one commit: a round for each that landed would be a commit for each.
        if (receiver.underWay.size <= limits.callsPerWebhook / 2) this.#rounds.wakeIn(0);
      });
    this.#underWay.add(landed);
  }

  async #carry(webhook: Webhook, call: WebhookCall): Promise<void> {
    const { failures } = this.#receiver(webhook.id);
    const trouble = await this.#call(webhook, call);
    if (trouble === undefined) await this.#finish(webhook, call);
    // What was broken off says nothing of its receiver: it is called again after the next start.
    else if (!this.#breakOff.signal.aborted) await this.#postpone(webhook, call, { ...trouble, failures });
  }

  /** What went wrong; nothing for an answer of 2xx. */
  async #call(webhook: Webhook, { event }: WebhookCall): Promise<Trouble | undefined> {
    const { caller, now } = this.#services;
    try {
      const call = writeCall(webhook, event, now());
      const { status, retryAfterSeconds = 0 } = await caller.call({ ...call, signal: this.#breakOff.signal });
      if (status >= 200 && status < 300) return undefined;
      return { reason: `it answered with HTTP ${status}`, retryAfterMilliseconds: retryAfterSeconds * 1000 };
    } catch (error) {
      if (!(error instanceof HookError)) throw error;
      return { reason: error.message, retryAfterMilliseconds: 0, isOfEvent: error.code === 'BAD_VALUE' };
    }
  }

  async #finish({ id, lastError }: Webhook, call: WebhookCall): Promise<void> {
    const wasTroubled = this.#receiver(id).succeed() || lastError !== null;
    await this.#services.store.transact(function* (tx) {
      yield* finishCall(tx, call.id);
      if (wasTroubled) yield* noteWebhookError(tx, id, null);
    });
  }

  async #postpone({ id }: Webhook, call: WebhookCall, trouble: Trouble & { failures: number }): Promise<void> {
    const { store, log, now } = this.#services;
    const { reason, isOfEvent = false } = trouble;
    const failures = isOfEvent ? 0 : this.#noteFailure(id, trouble);
    const dueAt = now() + Math.max(this.#pause(call.attempts), trouble.retryAfterMilliseconds);
    const isOver = isOfEvent || dueAt > call.createdAt + this.#giveUpAfterMilliseconds();
    await store.transact(function* (tx) {
      yield* postponeCall(tx, call.id, { dueAt: isOver ? undefined : dueAt, error: reason });
      yield* noteWebhookError(tx, id, reason);
    });
    const about = { webhook: id, event: call.event.id, attempts: call.attempts, reason };
    if (isOver) log.error(about, 'an event was given up: its webhook did not take it');
    else if (failures === 1) log.warn(about, 'a webhook did not take an event, which is told again');
  }

  /** How often in a row the receiver failed; 0 where this one says nothing new. */
  #noteFailure(id: string, { failures: before, retryAfterMilliseconds }: Trouble & { failures: number }): number {
    const receiver = this.#receiver(id);
    const failures = receiver.fail(before);
    const pause = failures > 0 ? this.#pause(failures) : 0;
    receiver.pauseUntil(this.#services.now() + Math.max(pause, retryAfterMilliseconds));
    return failures;
  }

  #receiver(id: string): Receiver {
    const receiver = this.#receivers.get(id) ?? new Receiver(limits.callsPerWebhook);
    this.#receivers.set(id, receiver);
    return receiver;
  }

  /** Whoever changed a webhook wants to see what comes of it now. */
  #forgetTroubles(): void {
    for (const receiver of this.#receivers.values()) receiver.succeed();
    this.#rounds.wakeIn(0);
  }

  #pause(attempts: number): number {
    const { store, random = Math.random } = this.#services;
    return retryDelayMilliseconds(store.settings.current.webhooks, attempts, random());
  }

  #giveUpAfterMilliseconds(): number {
    return this.#services.store.settings.current.webhooks.giveUpAfterMinutes * 60_000;
  }

  /** Of a call that is not due yet, or of a receiver that pauses. */
  async #nextDue(): Promise<number> {
    const now = this.#services.now();
    const due = (await this.#services.store.read((session) => getNextCallDue(session, now))) ?? Infinity;
    const pausing = [...this.#receivers.values()]
      .map((receiver) => receiver.pausedUntil)
      .filter((until) => until > now);
    return Math.min(due, ...pausing);
  }
}

interface Trouble {
  reason: string;
  retryAfterMilliseconds: number;
  /** No receiver could be told this event in this way. */
  isOfEvent?: boolean;
}
