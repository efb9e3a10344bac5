// Carries mail from its queue to the relay: wakes when something is due, tells the sender what does not arrive.
// RFC 5321 4.5.4.1 Sending Strategy

import type { Logger } from 'pino';
import { claimMails, getNextMailDue, markMailFailed, markMailSent, retryMail } from '../store/mails.js';
import type { Store } from '../store/open.js';
import { retryDelayMilliseconds } from '../store/retry-delay.js';
import { Rounds } from '../store/rounds.js';
import type { Transaction } from '../store/session.js';
import type { Mail } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { type Delivery, type Refusal, type RelayConnection, relayConnections } from './relay-connection.js';

export interface Undelivered {
  mail: Mail;
  failures: readonly Refusal[];
  now: number;
}

export interface RelayServices {
  readonly store: Store;
  readonly log: Logger;
  readonly now: () => number;
  /** From 0 to below 1; spreads retries. */
  readonly random?: () => number;
  /** Reads what a report is to say of the mail, before the commit that holds the report. */
  readonly prepareReport: (undelivered: Undelivered) => Promise<(tx: Transaction) => Steps<void>>;
}

/** How long `stop` waits for mails under way before it breaks them off, and then for what came of them. */
const graceMilliseconds = 10_000;
const lastWordsMilliseconds = 3_000;

/** A mail of which nobody knows whether it arrived is tried again up to this attempt: somebody may get each of them. */
export const attemptsInDoubt = 10;

export class Relay {
  readonly #services: RelayServices;
  readonly #connection: RelayConnection;
  readonly #graceMilliseconds: number;
  readonly #unlisten: () => void;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #rounds: Rounds;

  constructor(services: RelayServices, connection: RelayConnection, times: { graceMilliseconds?: number } = {}) {
    this.#services = services;
    this.#connection = connection;
    this.#graceMilliseconds = times.graceMilliseconds ?? graceMilliseconds;
    this.#rounds = new Rounds({
      look: () => this.#look(),
      // Whatever ends makes room, and wakes.
      nextDue: async () => (this.#underWay.size >= relayConnections ? Infinity : this.#nextDue()),
      now: services.now,
      log: services.log,
      failure: 'a round of the mail relay failed and is repeated',
    });
    this.#unlisten = services.store.changes.listen('mail', () => this.#rounds.wakeIn(0));
  }

  start(): void {
    this.#rounds.start();
  }

  /** What is broken off is tried again after the next start. */
  async stop(): Promise<void> {
    this.#unlisten();
    await this.#rounds.stop();
    await this.#landed(this.#graceMilliseconds);
    this.#connection.close();
    await this.#landed(lastWordsMilliseconds);
  }

  /** Tries all that is due at this instant, started or not, and waits for what comes of it. */
  async settle(): Promise<void> {
    do {
      await this.#look();
      await Promise.all(this.#underWay.values());
    } while ((await this.#nextDue()) <= this.#services.now());
  }

  async #look(): Promise<void> {
    const { store, now } = this.#services;
    const limit = relayConnections - this.#underWay.size;
    if (limit <= 0) return;
    const claim = { now: now(), limit, except: this.#ids() };
    const dueAgain = (attempts: number) => this.#dueAfter(attempts);
    for (const mail of await store.transact((tx) => claimMails(tx, { ...claim, dueAgain }))) this.#begin(mail);
  }

  #begin(mail: Mail): void {
    const landed = this.#carry(mail)
      .catch((err: unknown) => this.#services.log.error({ mail: mail.id, err }, 'an outcome could not be stored'))
      .finally(() => {
        this.#underWay.delete(mail.id);
        this.#rounds.wakeIn(0);
      });
    this.#underWay.set(mail.id, landed);
  }

  async #carry(mail: Mail): Promise<void> {
    const { store, now } = this.#services;
    if (mail.expiresAt <= now()) return this.#giveUp(mail, 'it could not be delivered before it expired');
    const delivery = await this.#connection.deliver(mail);
    if (delivery.trouble) this.#noteTrouble(mail, delivery);
    const isOver = delivery.mayHaveArrived && mail.attempts >= attemptsInDoubt;
    if (isOver)
      return this.#giveUp(mail, 'the mail server took it again and again without saying so: it may have arrived');
    const report = await this.#reportOn(mail, delivery.refused);
    await store.transact((tx) => this.#record(tx, { mail, delivery, report }));
  }

  *#record(tx: Transaction, { mail, delivery, report }: Outcome): Steps<void> {
    const { refused, postponed } = delivery;
    if (report) yield* report(tx);
    const last = postponed[0];
    if (last) {
      const recipients = postponed.map(({ recipient }) => recipient);
      const dueAt = Math.min(this.#dueAfter(mail.attempts), mail.expiresAt);
      yield* retryMail(tx, mail.id, { recipients, dueAt, error: last.reason });
    } else if (refused.length === mail.recipients.length)
      yield* markMailFailed(tx, mail.id, { error: refused[0]!.reason, now: this.#services.now() });
    else yield* markMailSent(tx, mail.id, this.#services.now());
  }

  async #giveUp(mail: Mail, why: string): Promise<void> {
    const { store, now } = this.#services;
    const reason = mail.error === null ? why : `${why} (${mail.error})`;
    const report = await this.#reportOn(
      mail,
      mail.recipients.map((recipient) => ({ recipient, reason })),
    );
    await store.transact(function* (tx) {
      if (report) yield* report(tx);
      yield* markMailFailed(tx, mail.id, { error: reason, now: now() });
    });
  }

  async #reportOn(mail: Mail, failures: readonly Refusal[]): Promise<Outcome['report']> {
    if (failures.length === 0) return undefined;
    return this.#services.prepareReport({ mail, failures, now: this.#services.now() });
  }

  #noteTrouble(mail: Mail, { refused, postponed, mayHaveArrived, trouble }: Delivery): void {
    const counts = { refused: refused.length, postponed: postponed.length };
    this.#services.log.warn({ mail: mail.id, ...counts, mayHaveArrived, ...trouble }, 'the relay did not take a mail');
  }

  #dueAfter(attempts: number): number {
    const { store, now, random = Math.random } = this.#services;
    return now() + retryDelayMilliseconds(store.settings.current.retry, attempts, random());
  }

  async #nextDue(): Promise<number> {
    return (await this.#services.store.read((session) => getNextMailDue(session, this.#ids()))) ?? Infinity;
  }

  #ids(): string[] {
    return [...this.#underWay.keys()];
  }

  async #landed(atMostMilliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, atMostMilliseconds)));
    await Promise.race([Promise.all(this.#underWay.values()), tooLate]);
    clearTimeout(timer);
  }
}

interface Outcome {
  mail: Mail;
  delivery: Delivery;
  report: ((tx: Transaction) => Steps<void>) | undefined;
}
