// What Prometheus reads, and the counters that other rooms are handed as plain callbacks.
// Prometheus exposition format 0.0.4

import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { limits } from './limits.js';

/** Read anew at each scrape. */
export interface Measured {
  held(): number;
  queueDepth(): Promise<{ state: string; messages: number }[]>;
  queuedMails(): Promise<number>;
  gatewaysUp(): Promise<{ gateway: string; isUp: boolean }[]>;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #easRequests: Series;
  readonly #messages: Series;
  readonly #ignoredAuthenticated: Counter;
  #measured: Measured | undefined;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#easRequests = new Series(
      new Counter({
        name: 'easms_eas_requests_total',
        help: 'EAS requests answered.',
        labelNames: ['command', 'status'],
        registers,
      }),
      ['command', 'status'],
    );
    this.#messages = new Series(
      new Counter({
        name: 'easms_messages_total',
        help: 'Steps of messages.',
        labelNames: ['gateway', 'state'],
        registers,
      }),
      ['gateway', 'state'],
    );
    this.#ignoredAuthenticated = new Counter({
      name: 'easms_authenticated_ignored_total',
      help: 'Requests with authenticated=1 from outside the trusted networks.',
      registers,
    });
    this.#addGauges(registers);
  }

  countEasRequest(command: string, status: string | number): void {
    this.#easRequests.count(command, String(status));
  }

  countMessage(gateway: string, state: string): void {
    this.#messages.count(gateway, state);
  }

  countIgnoredAuthenticated(): void {
    this.#ignoredAuthenticated.inc();
  }

  /** From here on the gauges have something to read. */
  measure(measured: Measured): void {
    this.#measured = measured;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  write(): Promise<string> {
    return this.#registry.metrics();
  }

  #addGauges(registers: Registry[]): void {
    const measured = (): Measured | undefined => this.#measured;
    new Gauge({
      name: 'easms_held_requests',
      help: 'EAS requests held open now.',
      registers,
      collect() {
        this.set(measured()?.held() ?? 0);
      },
    });
    new Gauge({
      name: 'easms_queue_depth',
      help: 'Messages on their way, by state.',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const { state, messages } of (await measured()?.queueDepth()) ?? []) this.set({ state }, messages);
      },
    });
    new Gauge({
      name: 'easms_mail_queue_depth',
      help: 'Mails on their way to the relay.',
      registers,
      async collect() {
        this.set((await measured()?.queuedMails()) ?? 0);
      },
    });
    new Gauge({
      name: 'easms_gateway_up',
      help: 'Whether an active gateway can send.',
      labelNames: ['gateway'],
      registers,
      async collect() {
        this.reset();
        for (const { gateway, isUp } of (await measured()?.gatewaysUp()) ?? []) this.set({ gateway }, isUp ? 1 : 0);
      },
    });
  }
}

interface Child {
  inc(): void;
}

/** The children of a counter with two labels, found without hashing the labels again each time. */
class Series {
  readonly #counter: Counter;
  readonly #labelNames: readonly [string, string];
  readonly #children = new Map<string, Map<string, Child>>();
  #size = 0;

  constructor(counter: Counter, labelNames: readonly [string, string]) {
    this.#counter = counter;
    this.#labelNames = labelNames;
  }

  count(first: string, second: string): void {
    (this.#children.get(first)?.get(second) ?? this.#make(first, second)).inc();
  }

  #make(first: string, second: string): Child {
    if (this.#size >= limits.metricSeries && first !== 'other') return this.#other();
    this.#size++;
    const [firstName, secondName] = this.#labelNames;
    const child = this.#counter.labels({ [firstName]: first, [secondName]: second });
    const children = this.#children.get(first) ?? new Map<string, Child>();
    this.#children.set(first, children.set(second, child));
    return child;
  }

  #other(): Child {
    return this.#children.get('other')?.get('other') ?? this.#make('other', 'other');
  }
}
