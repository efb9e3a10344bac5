// Whether there is a network, as +CREG, +CSQ and +CFUN see it.
// TS 27.007 7.2 Network registration +CREG, 8.2 Set phone functionality +CFUN, 8.5 Signal quality +CSQ

import type { Modem } from './modem.js';

/** TS 27.007 7.2 <stat> */
export const Registration = { None: 0, Home: 1, Searching: 2, Denied: 3, Roaming: 5, SmsOnlyHome: 6 } as const;
export type Registration = (typeof Registration)[keyof typeof Registration];

const byFault = {
  searching: Registration.Searching,
  denied: Registration.Denied,
  roaming: Registration.Roaming,
  'sms-only': Registration.SmsOnlyHome,
} as const;

export class Radio {
  readonly #modem: Modem;
  /** +CFUN: 1 full, 0 and 4 without the radio. */
  functionality = 1;

  constructor(modem: Modem) {
    this.#modem = modem;
  }

  powerOn(): void {
    this.functionality = 1;
  }

  registration(): Registration {
    if (this.functionality !== 1 || !this.#modem.sim.isUsable) return Registration.None;
    for (const [name, stat] of Object.entries(byFault)) {
      if (this.#modem.faults.strike(name as keyof typeof byFault)) return stat;
    }
    return Registration.Home;
  }

  get isReachable(): boolean {
    const stat = this.registration();
    return stat === Registration.Home || stat === Registration.Roaming || stat === Registration.SmsOnlyHome;
  }

  /** TS 27.007 8.5 <rssi>: 99 where it is not known. */
  signal(): number {
    return this.functionality !== 1 || this.#modem.faults.strike('no-signal', { command: 'CSQ' }) ? 99 : 20;
  }

  setFunctionality(value: number): void {
    const before = this.registration();
    this.functionality = value;
    const after = this.registration();
    for (const name of ['creg', 'cgreg', 'cereg'] as const) {
      if (before !== after && this.#modem.settings[name] > 0) this.#modem.announce(`+${name.toUpperCase()}: ${after}`);
    }
    if (value === 1) this.#modem.comeBack();
  }
}
