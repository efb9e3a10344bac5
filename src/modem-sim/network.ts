// The network that emulated modems share: what one sends arrives at another, and status reports go back.
// TS 23.040 3.2.9 Status report capabilities
//
//    modem ── SUBMIT ──► service centre ── DELIVER ──► the modem of that number, when it can be reached
//      ▲                      │
//      └── STATUS-REPORT ─────┘   for a number that nobody has, too: somebody out there is taken to have received it

import type { MessageContent } from '../sms/tpdu/message-parts.js';
import type { SubmitTpdu } from '../sms/tpdu/submit.js';
import { type Clock, systemClock } from './clock.js';
import { ModemSimError } from './errors.js';
import type { FaultSwitches, Occasion } from './fault-switches.js';
import { incomingParts, relayed, statusReport } from './incoming-tpdus.js';
import { limits } from './limits.js';
import { type Delivery, ServiceCentreQueue } from './service-centre-queue.js';

/** What a subscriber is offered. */
export interface Offer {
  readonly kind: 'deliver' | 'report';
  readonly tpdu: Uint8Array;
  /** Not to wait for the end of an answer. */
  readonly atOnce: boolean;
}

export interface Subscriber {
  /** In international form. */
  readonly number: string;
  readonly faults: FaultSwitches;
  /** Says, now or later, whether it has taken it; if not, it is offered again when the network hears that it is there. */
  offer(offer: Offer, done: (taken: boolean) => void): void;
}

export interface SubmittedMessage {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** TP-MR. */
  readonly reference: number;
  readonly submit: SubmitTpdu;
  readonly tpdu: Uint8Array;
}

export interface NetworkOptions {
  readonly clock?: Clock | undefined;
  readonly serviceCentre?: string | undefined;
  /** Milliseconds from a submission to its delivery, and from the delivery to the report. */
  readonly deliveryMs?: number | undefined;
  readonly reportMs?: number | undefined;
  /** Whether `sent` is kept; it is where this is left out. */
  readonly remembers?: boolean | undefined;
  /** Of the service centre, east of Greenwich, in steps of 15; 0 where it is left out. */
  readonly offsetMinutes?: number | undefined;
}

export class VirtualNetwork {
  readonly clock: Clock;
  readonly serviceCentre: string;
  readonly #deliveryMs: number;
  readonly #reportMs: number;
  readonly #offsetMinutes: number;
  readonly #remembered: number;
  readonly #queues = new Map<string, ServiceCentreQueue>();
  readonly #sent: SubmittedMessage[] = [];
  #reference = 0;

  constructor(options: NetworkOptions = {}) {
    const { clock = systemClock, serviceCentre = '+447700900000' } = options;
    this.clock = clock;
    this.serviceCentre = serviceCentre;
    this.#deliveryMs = options.deliveryMs ?? 0;
    this.#reportMs = options.reportMs ?? 0;
    this.#offsetMinutes = options.offsetMinutes ?? 0;
    this.#remembered = options.remembers === false ? 0 : limits.rememberedMessages;
  }

  /** What the service centre has accepted, oldest first, one for each part. */
  get sent(): readonly SubmittedMessage[] {
    return this.#sent;
  }

  /** A number that nobody has. */
  freeNumber(): string {
    let last = this.#queues.size + 1;
    const written = (): string => `+447700900${String(last).padStart(3, '0')}`;
    while (this.#queues.has(written())) last++;
    return written();
  }

  attach(subscriber: Subscriber): void {
    const { number } = subscriber;
    if (!/^\+\d{2,20}$/.test(number) || this.#queues.has(number)) throw new ModemSimError('BAD_NUMBER', number);
    this.#queues.set(number, new ServiceCentreQueue(subscriber, this.clock));
  }

  detach({ number }: Subscriber): void {
    this.#queues.delete(number);
  }

  /** What waits for it is offered again. */
  isThere({ number }: Subscriber): void {
    this.#queues.get(number)?.retry();
  }

  /** Messages and reports that a subscriber has not taken yet. */
  waitingFor(number: string): number {
    return this.#queues.get(number)?.size ?? 0;
  }

  /** The service centre accepts a message; from now on it is on its way. */
  submit(from: Subscriber, message: Pick<SubmittedMessage, 'to' | 'reference' | 'submit' | 'tpdu'>): SubmittedMessage {
    const accepted: SubmittedMessage = { at: this.clock.now(), from: from.number, ...message };
    if (this.#sent.length < this.#remembered) this.#sent.push(accepted);
    const recipient = this.#queues.get(message.to.replace(/^00/, '+'));
    const isEarly = message.submit.reportWanted && from.faults.strike('report-before-answer', { to: message.to });
    if (isEarly) this.#report(from, accepted, { atOnce: true });
    const isReported = message.submit.reportWanted && !isEarly;
    const taken = isReported ? (): void => this.#report(from, accepted) : undefined;
    const expired = isReported ? (): void => this.#report(from, accepted, { status: validityExpired }) : undefined;
    const how = { taken, expired, expiresAt: expiryOf(accepted) };
    if (recipient) this.#deliver(recipient, relayed(accepted, this.#offsetMinutes), how);
    else if (taken) this.#later(this.#deliveryMs, taken);
    return accepted;
  }

  /** Brings a message from outside to a subscriber: from a number, or a word such as `Bank`. Throws TpduError. */
  receive(to: Subscriber, { from, ...content }: IncomingMessage): void {
    const queue = this.#queues.get(to.number);
    if (!queue) return;
    this.#reference = (this.#reference + 1) & 0xff;
    const when = { at: this.clock.now(), offsetMinutes: this.#offsetMinutes };
    const parts = incomingParts({ reference: this.#reference, ...content }, from, when);
    for (const tpdu of parts) this.#deliver(queue, tpdu);
  }

  /** The same with a TPDU as it is, well-formed or not. */
  receiveTpdu(to: Subscriber, tpdu: Uint8Array, kind: Offer['kind'] = 'deliver'): void {
    this.#queues.get(to.number)?.add({ kind, tpdu, atOnce: false });
  }

  #deliver(queue: ServiceCentreQueue, tpdu: Uint8Array, how: Delivery = {}): void {
    const { faults } = queue.subscriber;
    if (faults.strike('part-missing')) return;
    const late = faults.strike('deliver-late')?.values['ms'] ?? 0;
    const offer: Offer = { kind: 'deliver', tpdu, atOnce: false };
    const isHeld = faults.strike('parts-reversed') !== undefined;
    const copies = faults.strike('deliver-twice') ? 2 : 1;
    this.#later(this.#deliveryMs + late, () => {
      for (let n = 0; n < copies; n++) queue.add(offer, { ...(n === 0 && how), isHeld });
    });
  }

  #report(to: Subscriber, message: SubmittedMessage, how: { atOnce?: boolean; status?: number } = {}): void {
    const { atOnce = false, status: final = 0 } = how;
    const queue = this.#queues.get(to.number);
    const occasion = { to: message.to };
    const { faults } = to;
    if (!queue || faults.strike('no-report', occasion)) return;
    const late = faults.strike('report-late', occasion)?.values['ms'] ?? 0;
    const isNational = faults.strike('report-national', occasion) !== undefined;
    const isHeld = faults.strike('reports-reversed', occasion) !== undefined;
    const statuses = reportedStatuses(faults, occasion, final);
    const send = (): void => {
      for (const status of statuses) {
        const when = { at: this.clock.now(), offsetMinutes: this.#offsetMinutes };
        queue.add({ kind: 'report', tpdu: statusReport(message, { status, isNational, ...when }), atOnce }, { isHeld });
      }
    };
    if (atOnce) send();
    else this.#later(this.#reportMs + late, send);
  }

  #later(milliseconds: number, call: () => void): void {
    this.clock.after(milliseconds, call);
  }
}

// TS 23.040 9.2.3.15 TP-Status (TP-ST)
const validityExpired = 0x46;

/** In the order they come. */
function reportedStatuses(faults: FaultSwitches, occasion: Occasion, final: number): number[] {
  const temporary = faults.strike('report-temporary', occasion)?.values['status'];
  const last = faults.strike('report-failed', occasion)?.values['status'] ?? final;
  const statuses = temporary === undefined ? [last] : [temporary, last];
  return faults.strike('report-twice', occasion) ? [...statuses, last] : statuses;
}

/** Epoch milliseconds; `undefined` where the centre keeps it as long as it likes. */
function expiryOf({ at, submit: { validity } }: SubmittedMessage): number | undefined {
  if (validity?.format === 'relative') return at + validity.minutes * 60_000;
  if (validity?.format === 'absolute') return validity.until?.instant.getTime();
  return validity?.seconds === undefined ? undefined : at + validity.seconds * 1000;
}

export interface IncomingMessage extends Omit<MessageContent, 'reference'> {
  readonly from: string;
  /** The same in each part; counted where it is left out. */
  readonly reference?: number;
}
