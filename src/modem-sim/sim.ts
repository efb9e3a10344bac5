// The SIM: its PIN and PUK with their counters, its own identity, and whether it can be spoken to at all.
// TS 27.007 8.3 Enter PIN +CPIN, 7.4 Facility lock +CLCK, 7.5 Change password +CPWD

import type { Clock } from './clock.js';
import type { FaultSwitches } from './fault-switches.js';

export type PinState = 'READY' | 'SIM PIN' | 'SIM PUK';

export interface SimOptions {
  /** Wanted after each power-on where it is given. */
  readonly pin?: string | undefined;
  readonly puk?: string | undefined;
  readonly imsi: string;
  /** Milliseconds for which the SIM is busy behind its PIN. */
  readonly busyMs: number;
}

const pinTries = 3;
const pukTries = 10;

export class Sim {
  readonly imsi: string;
  readonly #puk: string;
  readonly #busyMs: number;
  readonly #clock: Clock;
  readonly #faults: FaultSwitches;
  #pin: string;
  #isLocked: boolean;
  #isOpen: boolean;
  #readyAt = 0;
  pinLeft = pinTries;
  pukLeft = pukTries;

  constructor({ pin, puk, imsi, busyMs }: SimOptions, { clock, faults }: { clock: Clock; faults: FaultSwitches }) {
    this.#pin = pin ?? '0000';
    this.#puk = puk ?? '12345678';
    this.#isLocked = pin !== undefined;
    this.#isOpen = !this.#isLocked;
    this.imsi = imsi;
    this.#busyMs = busyMs;
    this.#clock = clock;
    this.#faults = faults;
  }

  /** The lock is on: the PIN is wanted after the next power-on. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  get pinState(): PinState {
    if (this.pinLeft === 0 || this.#faults.strike('sim-puk')) return 'SIM PUK';
    return this.#isOpen ? 'READY' : 'SIM PIN';
  }

  powerOn(): void {
    this.#isOpen = !this.#isLocked;
    this.#readyAt = 0;
  }

  /** The number of the +CME ERROR that every command to the SIM gets now. */
  failure(): number | undefined {
    if (this.#faults.strike('sim-missing')) return 10;
    if (this.#faults.strike('sim-failure') || this.pukLeft === 0) return 13;
    return this.#faults.strike('sim-busy') || this.#clock.now() < this.#readyAt ? 14 : undefined;
  }

  /** Whether a subscriber can be reached through it; asks without an occasion for a fault to strike. */
  get isUsable(): boolean {
    return this.#isOpen && this.pinLeft > 0;
  }

  /** Each wrong PIN takes one of three tries. */
  enterPin(pin: string): boolean {
    if (this.pinLeft === 0) return false;
    if (pin !== this.#pin) {
      this.pinLeft--;
      return false;
    }
    this.pinLeft = pinTries;
    this.#open();
    return true;
  }

  enterPuk(puk: string, newPin: string): boolean {
    if (this.pukLeft === 0) return false;
    if (puk !== this.#puk || !isPin(newPin)) {
      this.pukLeft--;
      return false;
    }
    [this.pukLeft, this.pinLeft, this.#pin] = [pukTries, pinTries, newPin];
    this.#open();
    return true;
  }

  setLock(on: boolean, pin: string): boolean {
    if (!this.enterPin(pin)) return false;
    this.#isLocked = on;
    return true;
  }

  changePin(old: string, newPin: string): boolean {
    if (!isPin(newPin) || !this.enterPin(old)) return false;
    this.#pin = newPin;
    return true;
  }

  #open(): void {
    if (!this.#isOpen) this.#readyAt = this.#clock.now() + this.#busyMs;
    this.#isOpen = true;
  }
}

export function isPin(written: string): boolean {
  return /^\d{4,8}$/.test(written);
}
