// Does what rules bring about: wakes when something is due, and whatever comes of it, the message itself is not touched.

import { setMaxListeners } from 'node:events';
import {
  claimEffects,
  endEffect,
  endInterrupted,
  getNextEffectDue,
  postponeEffect,
  triedFrom,
} from '../store/effects.js';
import { getMessage } from '../store/messages.js';
import { retryDelayMilliseconds } from '../store/retry-delay.js';
import { Rounds } from '../store/rounds.js';
import { type EffectKind, effectKinds } from '../store/states.js';
import type { Effect } from '../store/tables.js';
import { type Came, deeds, type EffectServices } from './effect-deeds.js';
import { tellUndone } from './effect-forward.js';
import { limits } from './limits.js';
import { placeAgain } from './place-again.js';
import { reportFailed } from './report.js';

/** How long `stop` waits for what is under way before it breaks it off, and then for what came of it. */
const graceMilliseconds = 5_000;

const interrupted = 'the server ended while it was under way: it may have been done';

export class EffectDelivery {
  readonly #services: EffectServices;
  readonly #graceMilliseconds: number;
  readonly #unlisten: readonly (() => void)[];
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #ofKind = new Map<EffectKind, number>();
  readonly #breakOff = new AbortController();
  readonly #rounds: Rounds;
  #hasLookedBack = false;

  constructor(services: EffectServices, times: { graceMilliseconds?: number } = {}) {
    const { changes } = services.store;
    this.#services = services;
    this.#rounds = new Rounds({
      look: () => this.#lookAtAll(),
      nextDue: () => this.#nextDue(),
      now: services.now,
      log: services.log,
      failure: 'a round of the effects of rules failed and is repeated',
    });
    // Each effect under way listens.
    setMaxListeners(0, this.#breakOff.signal);
    this.#graceMilliseconds = times.graceMilliseconds ?? graceMilliseconds;
    this.#unlisten = [
      changes.listen('effect', () => this.#rounds.wakeIn(0)),
      changes.listen('settings', () => this.#rounds.wakeIn(0)),
    ];
  }

  start(): void {
    this.#rounds.start();
  }

  /** What is broken off and may have been done is recorded as that; all else is tried again after the next start. */
  async stop(): Promise<void> {
    for (const unlisten of this.#unlisten) unlisten();
    await this.#rounds.stop();
    const timer = setTimeout(() => this.#breakOff.abort(), this.#graceMilliseconds);
    await Promise.all(this.#underWay.values());
    clearTimeout(timer);
  }

  /** Does all that is due at this instant, started or not, and waits for what comes of it. */
  async settle(): Promise<void> {
    while ((await this.#look()) > 0) await Promise.all(this.#underWay.values());
  }

  async #nextDue(): Promise<number> {
    const { store, now } = this.#services;
    return (await store.read((session) => getNextEffectDue(session, now()))) ?? Infinity;
  }

  // What has no room holds up none that has.
  async #lookAtAll(): Promise<void> {
    while ((await this.#look()) > 0);
  }

  /** How many began. */
  async #look(): Promise<number> {
    const { store, now } = this.#services;
    if (!this.#hasLookedBack) await this.#lookBack();
    const limit = limits.effectsAtOnce - this.#underWay.size;
    const room = this.#room();
    if (limit <= 0 || room.size === 0) return 0;
    const claim = { now: now(), limit, except: new Set(this.#underWay.keys()), room };
    const dueAgain = (attempts: number): number => now() + this.#pause(attempts);
    const claimed = await store.transact((tx) => claimEffects(tx, { ...claim, dueAgain }));
    for (const effect of claimed) this.#begin(effect);
    return claimed.length;
  }

  async #lookBack(): Promise<void> {
    const { store, log, now } = this.#services;
    const lost = await store.transact((tx) => endInterrupted(tx, { error: interrupted, now: now() }));
    for (const { id, kind } of lost)
      log.warn({ effect: id, kind }, 'nobody knows whether a rule did what it was doing');
    this.#hasLookedBack = true;
  }

  #room(): Map<EffectKind, number> {
    const room = effectKinds.map((kind) => [kind, limits.effectsOfKindAtOnce - (this.#ofKind.get(kind) ?? 0)] as const);
    return new Map(room.filter(([, left]) => left > 0));
  }

  #count({ kind }: Effect, step: 1 | -1): void {
    this.#ofKind.set(kind, (this.#ofKind.get(kind) ?? 0) + step);
  }

  #begin(effect: Effect): void {
    this.#count(effect, 1);
    const landed = this.#carry(effect)
      .catch((err: unknown) =>
        this.#services.log.error({ effect: effect.id, err }, 'what a rule did could not be stored'),
      )
      .finally(() => {
        this.#underWay.delete(effect.id);
        this.#count(effect, -1);
        this.#rounds.wakeIn(0);
      });
    this.#underWay.set(effect.id, landed);
  }

  async #carry(effect: Effect): Promise<void> {
    const came = await this.#do(effect);
    // What was not begun is tried again after the next start.
    if (came.state === 'again' && this.#breakOff.signal.aborted) return this.#postpone(effect, came);
    if (came.state !== 'again') return this.#end(effect, came);
    if (this.#isGivenUp(effect)) return this.#end(effect, { state: 'failed', error: came.error });
    await this.#postpone(effect, came);
  }

  async #do(effect: Effect): Promise<Came> {
    try {
      return await deeds[effect.kind](this.#services, effect, this.#breakOff.signal);
    } catch (err) {
      // A fault of this program: it is not repeated for ever, and holds up nothing.
      this.#services.log.error({ effect: effect.id, kind: effect.kind, err }, 'what a rule does failed');
      return {
        state: effect.begunAt === null ? 'again' : 'unknown',
        error: 'the server made a mistake; its log says more',
      };
    }
  }

  async #end(effect: Effect, came: Exclude<Came, { state: 'again' }>): Promise<void> {
    const { store, log, now } = this.#services;
    await store.transact(function* (tx) {
      if (came.state === 'done') {
        yield* came.alongside?.(tx) ?? [];
        return yield* endEffect(tx, effect.id, { state: 'done', now: now() });
      }
      yield* endEffect(tx, effect.id, { state: came.state, error: came.error, now: now() });
      // The one who was to have the text does not get it: somebody has to.
      if (effect.document['isPlacing'] === true) yield* placeAgain(tx, effect.messageId, now());
      if (effect.kind === 'forward') yield* tellUndone(tx, effect, { error: came.error, now: now() });
      if (effect.document['isCarrying'] !== true) return;
      const message = yield* getMessage(tx, effect.messageId);
      if (message) yield* reportFailed(tx, { message, reason: came.error, now: now() });
    });
    if (came.state !== 'done')
      log.warn({ effect: effect.id, kind: effect.kind, state: came.state }, 'a rule could not do what it says');
  }

  async #postpone(effect: Effect, { error, retryAfterSeconds = 0 }: Extract<Came, { state: 'again' }>): Promise<void> {
    const dueAt = this.#services.now() + Math.max(this.#pause(effect.attempts), retryAfterSeconds * 1000);
    await this.#services.store.transact((tx) => postponeEffect(tx, effect.id, { dueAt, error }));
    this.#rounds.wakeIn(0);
  }

  // As patiently as webhooks are told.
  #isGivenUp(effect: Effect): boolean {
    const { giveUpAfterMinutes } = this.#services.store.settings.current.webhooks;
    return this.#services.now() - triedFrom(effect) >= giveUpAfterMinutes * 60_000;
  }

  #pause(attempts: number): number {
    const { store, random = Math.random } = this.#services;
    return retryDelayMilliseconds(store.settings.current.webhooks, attempts, random());
  }
}
