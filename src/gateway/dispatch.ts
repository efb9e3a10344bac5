// Moves messages from the queue to the bearers. It sleeps until something is due: a new message, a confirmation, a retry,
// a change of the gateways; and looks after offered texts every few seconds.

import { setMaxListeners } from 'node:events';
import { warnSenders } from '../message/warning.js';
import { noteGatewayError } from '../store/gateways.js';
import { freeLane } from '../store/lanes.js';
import { type Claim, getNextDue, releaseClaims, unassign, wakeWaiting } from '../store/queue.js';
import { retryDelayMilliseconds } from '../store/retry-delay.js';
import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { Allowances } from './allowance.js';
import type { Bearer, LineFinding, UssdAnswer } from './bearer.js';
import { openActivesync } from './bearers/activesync.js';
import { carry, type CarryOutcome } from './carry.js';
import { LineError } from './errors.js';
import { GatewayHealth } from './health.js';
import { InFlight } from './in-flight.js';
import { Landings } from './landings.js';
import { fillGateways, freeExpired, type Lanes } from './lanes.js';
import { completeConfirmed, giveUpUnconfirmed, withdrawStale } from './offers.js';
import { leaveBehind, recoverOrphans } from './recovery.js';
import { type Member, Roster } from './roster.js';
import { findOthers, lookAgainAfterMilliseconds, routeBatch, type ToPhone } from './routing.js';
import type { GatewayServices } from './services.js';
import { areTakenAtOnce, type Begun, type Freed, takeNext } from './take.js';

export interface DispatchTimes {
  /** How long `stop` waits for what is in flight. */
  graceMilliseconds: number;
  /** How often offered texts are looked after. */
  sweepMilliseconds: number;
  /** How long a claim holds when its dispatcher is never heard of again. */
  claimMilliseconds: number;
  /** The least time between two rounds: accepting goes before dispatching. */
  pauseMilliseconds: number;
}

const defaultTimes: DispatchTimes = {
  graceMilliseconds: 15_000,
  sweepMilliseconds: 5_000,
  claimMilliseconds: 60_000,
  pauseMilliseconds: 5,
};

const batchSize = 50;

/** What a round looks at beside the queue. */
interface Due {
  orphans: boolean;
  gateways: boolean;
  confirmations: boolean;
  phones: boolean;
  queue: boolean;
}

/** How a message comes to be carried. */
interface Carried {
  /** The gateway; the sender's own phone is none. */
  member?: Member;
  /** Its attempt is on disk. */
  hasBegun?: boolean;
}

const everything: Due = { orphans: true, gateways: true, confirmations: true, phones: true, queue: true };
const nothing: Due = { orphans: false, gateways: false, confirmations: false, phones: false, queue: false };

export class Dispatcher {
  readonly health: GatewayHealth;
  readonly #services: GatewayServices;
  readonly #times: DispatchTimes;
  /** Names this dispatcher in its claims. */
  readonly #id: string;
  readonly #roster: Roster;
  readonly #inFlight = new InFlight();
  readonly #allowances = new Allowances();
  readonly #lanes: Lanes;
  readonly #landings: Landings;
  /** Gateways that stopped taking texts, and such as take them again, since the last round. */
  readonly #opened = new Set<string>();
  readonly #closed = new Set<string>();
  readonly #stopped = new AbortController();
  readonly #unlisten: (() => void)[];
  #due = { ...everything };
  #isRunning = false;
  #isSoon = false;
  #sweptAt = 0;
  #freedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(services: GatewayServices, times: Partial<DispatchTimes> = {}) {
    this.#services = services;
    this.#times = { ...defaultTimes, ...times };
    this.#id = services.newId();
    // Each text in flight listens, and 11 of them are no leak.
    setMaxListeners(0, this.#stopped.signal);
    const { random = Math.random } = services;
    this.health = new GatewayHealth((openings) =>
      retryDelayMilliseconds(services.store.settings.current.retry, openings, random()),
    );
    this.#roster = new Roster(services, this.health);
    this.#lanes = this.#openLanes();
    this.#landings = new Landings(services, {
      take: (tx, taken, freed) => this.#takeNext(tx, taken, freed),
      carryOn: this.#lanes.carryOn,
      letGo: this.#lanes.letGo,
    });
    const { changes } = services.store;
    this.#unlisten = [
      changes.listen('queue', () => this.#wakeForNew()),
      changes.listen('confirmation', () => this.#wake('confirmations')),
      changes.listen('gateways', () => this.#wake('gateways')),
      changes.listen('line', ({ gateway, obstacle }) => this.#noteLine(gateway, obstacle)),
      changes.listen('device', ({ userId }) => this.#roster.isAwaiting(userId) && this.#wake('gateways')),
    ];
  }

  start(): void {
    this.#isRunning = true;
    this.#wakeSoon();
  }

  /** Waits for what is in flight as long as the grace lasts, and records the rest as unknown. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    for (const unlisten of this.#unlisten) unlisten();
    await this.#round?.catch(() => undefined);
    this.#roster.giveUpWaiting();
    await this.#inFlight.idle(this.#times.graceMilliseconds);
    this.#stopped.abort();
    await leaveBehind(this.#services, this.#id);
    await this.#roster.close();
  }

  /** Does all that can be done at this instant, started or not, and waits for the outcomes. */
  async settle(): Promise<void> {
    this.#due = { ...this.#due, confirmations: true, phones: true, queue: true };
    while (Object.values(this.#due).includes(true)) {
      await this.#nextRound();
      await this.#inFlight.idle();
    }
  }

  #wake(what: keyof Due): void {
    this.#due[what] = true;
    this.#wakeSoon();
  }

  #wakeSoon(): void {
    if (!this.#isRunning || this.#isSoon || this.#round) return;
    this.#isSoon = true;
    this.#sleep(this.#times.pauseMilliseconds);
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), milliseconds);
  }

  async #run(): Promise<void> {
    this.#isSoon = false;
    const { log, store, now } = this.#services;
    const { sweepMilliseconds } = this.#times;
    let sleepMilliseconds = sweepMilliseconds;
    try {
      if (now() >= this.#sweptAt + sweepMilliseconds) this.#due.phones = true;
      await this.#nextRound();
      const nextDue = await store.read((session) => getNextDue(session, now()));
      for (const next of [nextDue, this.health.nextPace(now())])
        if (next !== undefined) sleepMilliseconds = Math.min(sleepMilliseconds, Math.max(0, next - now()));
    } catch (error) {
      log.error({ err: error }, 'a round of dispatch failed and is repeated');
    }
    // Who was woken between the round and this line keeps the timer that is set.
    if (!this.#isRunning || this.#isSoon) return;
    this.#sleep(sleepMilliseconds);
    // What came while the round ran.
    if (Object.values(this.#due).includes(true)) this.#wakeSoon();
  }

  async #nextRound(): Promise<void> {
    this.#round ??= this.#look().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async #look(): Promise<void> {
    const due = this.#due;
    this.#due = { ...nothing };
    try {
      if (due.orphans) await recoverOrphans(this.#services, this.#id);
      if (due.gateways) await this.#rerouteAll();
      if (due.confirmations || due.phones) await completeConfirmed(this.#services);
      if (due.phones) await this.#lookAfterPhones();
      await this.#followHealth();
      await this.#route();
      await fillGateways(this.#lanes);
    } catch (error) {
      this.#due = { ...everything, orphans: due.orphans };
      this.#lanes.any.isLeft = true;
      throw error;
    }
  }

  /** The gateways are others: what was routed and not begun, and what waits, finds its way anew. */
  async #rerouteAll(): Promise<void> {
    const { store, now } = this.#services;
    this.#roster.giveUpWaiting();
    await store.transact((tx) => releaseClaims(tx, this.#id));
    await this.#roster.refresh();
    while (await store.transact((tx) => unassign(tx, now(), batchSize)));
    while (await store.transact((tx) => wakeWaiting(tx, { now: now(), limit: batchSize })));
  }

  /** What waits at a gateway that stopped goes elsewhere; what waits for one that works again is due. */
  async #followHealth(): Promise<void> {
    const { store, now } = this.#services;
    for (const gateway of takeAll(this.#opened)) {
      this.#roster.get(gateway)?.bearer?.giveUpWaiting();
      await store.transact((tx) => releaseClaims(tx, this.#id, gateway));
      while (await store.transact((tx) => freeLane(tx, { gateway, now: now(), limit: batchSize })));
    }
    for (const gateway of takeAll(this.#closed))
      while (await store.transact((tx) => wakeWaiting(tx, { now: now(), limit: batchSize, gateway })));
  }

  async #lookAfterPhones(): Promise<void> {
    this.#sweptAt = this.#services.now();
    this.#lanes.any.isLeft = true;
    await giveUpUnconfirmed(this.#services);
    await withdrawStale(this.#services, this.#roster);
    await this.#warn();
    if (this.#sweptAt >= this.#freedAt + lookAgainAfterMilliseconds) {
      this.#freedAt = this.#sweptAt;
      await freeExpired(this.#lanes);
    }
    await this.#roster.countWork();
  }

  async #warn(): Promise<void> {
    const { store, now } = this.#services;
    const paceOf = (gateway: string): string | undefined => this.health.paceOf(gateway, now())?.reason;
    const warnings = { now: now(), limit: batchSize, paceOf };
    while ((await store.transact((tx) => warnSenders(tx, warnings))) === batchSize);
  }

  async #route(): Promise<void> {
    const { store, now } = this.#services;
    let found: number;
    do {
      const routing = { services: this.#services, roster: this.#roster, any: this.#routedAny() };
      const batch = { ...routing, claim: this.#claim(now()), limit: batchSize };
      const routed = await store.transact((tx) => routeBatch(tx, batch));
      found = routed.found;
      // Before the next batch: requests that share these commits are not to wait for all of them.
      await Promise.all(routed.toPhones.map((toPhone) => this.#offer(toPhone)));
      for (const [gateway, ids] of routed.toGateways) this.#roster.get(gateway)!.work += ids.length;
    } while (found === batchSize && !this.#stopped.signal.aborted);
  }

  async #offer({ message, phone, userId }: ToPhone): Promise<void> {
    const line = { id: phone.id, userId, deviceRow: phone.device.id };
    await this.#carry(message, openActivesync(this.#services, line));
  }

  #openLanes(): Lanes {
    return {
      services: this.#services,
      roster: this.#roster,
      health: this.health,
      inFlight: this.#inFlight,
      any: { isLeft: true },
      claim: (now) => this.#claim(now),
      carry: (message, member) => void this.#carry(message, member.bearer!, { member }),
      carryOn: (taken) => this.#carryOn(taken),
      letGo: (taken) => this.#letGo(taken),
    };
  }

  #wakeForNew(): void {
    this.#lanes.any.isLeft = true;
    this.#wake('queue');
  }

  /** Texts that any gateway may carry are taken as places become free, unless one has to be chosen with care. */
  #routedAny(): Lanes['any'] | undefined {
    const { any } = this.#lanes;
    return any.isLeft && !areTakenAtOnce(this.#lanes) ? any : undefined;
  }

  /** It was not on disk: whatever was read from the queue may still be there. */
  #letGo(taken: readonly Begun[]): void {
    for (const { member } of taken) this.#inFlight.letGo(member.row.id);
    this.#lanes.any.isLeft = true;
  }

  *#takeNext(tx: Transaction, taken: Begun[], freed: Freed): Steps<void> {
    if (this.#isRunning && !this.#stopped.signal.aborted) yield* takeNext(tx, this.#lanes, taken, freed);
  }

  #carryOn(taken: readonly Begun[]): void {
    for (const { message, member, wasAnybodys } of taken) {
      // The gateways may have been read again meanwhile.
      const { row, bearer } = this.#roster.get(member.row.id) ?? member;
      if (wasAnybodys) (this.#roster.get(row.id) ?? member).work++;
      void this.#carry(message, bearer ?? member.bearer!, { member, hasBegun: true });
    }
  }

  #claim(now: number): Claim {
    return { by: this.#id, until: now + this.#times.claimMilliseconds, now };
  }

  #carry(message: Message, bearer: Bearer, { member, hasBegun = false }: Carried = {}): Promise<void> {
    const limits = member?.row.limits;
    const carriage = carry({
      services: this.#services,
      bearer,
      message,
      by: this.#id,
      signal: this.#stopped.signal,
      limited: limits ? { id: bearer.id, limits } : undefined,
      allowances: this.#allowances,
      landings: this.#landings,
      hasBegun,
      findOthers: (tx, of) => findOthers(tx, { services: this.#services, roster: this.#roster }, of),
    });
    const landed = carriage
      .then((carried) => this.#note(bearer.id, carried))
      .catch((err: unknown) =>
        this.#services.log.error({ gateway: bearer.id, message: message.id, err }, 'an outcome could not be stored'),
      );
    this.#inFlight.track(bearer.id, landed, hasBegun);
    return landed;
  }

  /** A place is free, and the gateway shows how it fared. */
  async #note(gateway: string, carried: CarryOutcome): Promise<void> {
    const { store } = this.#services;
    const member = this.#roster.get(gateway);
    if (member) {
      if (carried.outcome !== 'offered') member.work--;
      this.#noteHealth(member, carried);
      if ('reason' in carried) await store.transact((tx) => noteGatewayError(tx, gateway, carried.reason));
    }
    this.#wake('queue');
  }

  #noteHealth({ row }: Member, carried: CarryOutcome): void {
    // Whether a phone is ready shows by itself.
    if (row.type === 'activesync' && carried.outcome === 'try-later') return;
    const change = this.health.note(row.id, carried, this.#services.now());
    if (!change) return;
    this.#follow(row.id, change);
    const words = change === 'opened' ? 'the gateway gets no texts for a while' : 'the gateway takes texts again';
    this.#services.log.warn(
      { gateway: row.id, until: this.health.hindranceOf(row.id, this.#services.now())?.until },
      words,
    );
  }

  /** What a bearer says of itself: a modem that was unplugged, a SIM that is locked. */
  #noteLine(gateway: string, obstacle: string | undefined): void {
    const change = this.health.noteLine(gateway, obstacle);
    if (!change) return;
    this.#follow(gateway, change);
    this.#wake('queue');
  }

  #follow(gateway: string, change: 'opened' | 'closed'): void {
    const [to, from] = change === 'opened' ? [this.#opened, this.#closed] : [this.#closed, this.#opened];
    from.delete(gateway);
    to.add(gateway);
  }

  /** Throws LineError. */
  async dialUssd(gateway: string, code: string): Promise<UssdAnswer> {
    const bearer = this.#roster.get(gateway)?.bearer;
    if (!bearer?.dialUssd) throw new LineError('NO_USSD');
    return bearer.dialUssd(code);
  }

  /** Throws LineError NO_MODEM. */
  async examine(gateway: string): Promise<LineFinding[]> {
    const bearer = this.#roster.get(gateway)?.bearer;
    if (!bearer?.examine) throw new LineError('NO_MODEM');
    return bearer.examine();
  }
}

function takeAll(names: Set<string>): string[] {
  const taken = [...names];
  names.clear();
  return taken;
}
