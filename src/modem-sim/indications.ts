// What becomes of a message that arrives: stored, told, or handed over without storing it.
// TS 27.005 3.4.1 New Message Indications to TE +CNMI, 3.4.4 New Message Acknowledgement to ME/TE +CNMA
//
//    +CNMI mt   0 stored   1 stored, +CMTI   2 +CMT with the message   3 +CMT for class 3, else as 1
//    +CNMI ds   0 none     1 +CDS with the report                      2 stored, +CDSI
//
// With +CSMS: 1 what is handed over has to be acknowledged within 15 s, or routing is switched off and the centre keeps it.

import { readCodingScheme } from '../sms/data-coding-scheme.js';
import { decodeIncoming, writePdu } from '../sms/tpdu/pdu.js';
import { addressOf } from '../sms/tpdu/address.js';
import { TpduError } from '../sms/errors.js';
import type { Timer } from './clock.js';
import { arrivalEvent } from './message-events.js';
import { type MemoryName, Stat } from './memories.js';
import type { Modem } from './modem.js';
import type { Offer } from './network.js';
import type { Place } from './events.js';
import { routedText } from './text-mode.js';

const acknowledgeWithinMs = 15_000;

export class Indications {
  readonly #modem: Modem;
  #unacknowledged: { done: (taken: boolean) => void; timer: Timer } | undefined;
  /** +CNMI mode 0 keeps them in the modem. */
  readonly #buffered: string[] = [];

  constructor(modem: Modem) {
    this.#modem = modem;
  }

  take(offer: Offer, done: (taken: boolean) => void): void {
    const { settings, faults } = this.#modem;
    if (faults.strike('cnmi-lost')) settings.cnmi = [0, 0, 0, 0, 0];
    const [, mt, , ds] = settings.cnmi;
    const isRouted =
      offer.kind === 'report' ? ds === 1 : mt === 2 ? classOf(offer.tpdu) !== 2 : mt === 3 && classOf(offer.tpdu) === 3;
    if (isRouted && this.#modem.line !== undefined) return this.#route(offer, done);
    if (offer.kind === 'report' && ds === 0) {
      this.#tell(offer, 'line');
      return done(true);
    }
    done(this.#store(offer));
  }

  /** Whether something waited for it. */
  acknowledge(isPositive: boolean): boolean {
    const waiting = this.#unacknowledged;
    if (!waiting) return false;
    this.#unacknowledged = undefined;
    waiting.timer.cancel();
    waiting.done(isPositive);
    return true;
  }

  /** After +CNMI: what was kept is told, or cleared with bfr 1; what the centre holds is offered again. */
  changed(): void {
    const [mode, , , , bfr] = this.#modem.settings.cnmi;
    if (mode === 0) return;
    const kept = this.#buffered.splice(0);
    if (bfr === 0) for (const text of kept) this.#modem.announce(text);
    this.#modem.comeBack();
  }

  forget(): void {
    this.#buffered.length = 0;
    this.acknowledge(false);
  }

  #route(offer: Offer, done: (taken: boolean) => void): void {
    this.#announce(this.#routed(offer), offer.atOnce);
    this.#tell(offer, 'line');
    if (this.#modem.settings.csms === 0) return done(true);
    const timer = this.#modem.clock.after(acknowledgeWithinMs, () => this.#tooLate());
    this.#unacknowledged = { done, timer };
  }

  #tooLate(): void {
    const { cnmi } = this.#modem.settings;
    [cnmi[1], cnmi[3]] = [0, 0];
    this.acknowledge(false);
  }

  #store(offer: Offer): boolean {
    const { memories, settings, faults } = this.#modem;
    const wanted = offer.kind === 'report' ? this.#reportMemory() : this.#modem.selected[2];
    const name = offer.kind === 'deliver' && faults.strike('cmti-other-memory') ? this.#otherThan(wanted) : wanted;
    const place = memories.store(name, { stat: Stat.Unread, pdu: this.#withServiceCentre(offer.tpdu) });
    if (place === undefined) return false;
    // An index of SM is one of MT as well; one of ME is not.
    this.#tell(offer, { memory: place.name, index: place.index });
    const isTold =
      offer.kind === 'report' ? settings.cnmi[3] === 2 : settings.cnmi[1] !== 0 && !faults.strike('no-cmti');
    if (isTold)
      this.#announce(`${offer.kind === 'report' ? '+CDSI' : '+CMTI'}: "${place.name}",${place.index}`, offer.atOnce);
    return true;
  }

  #reportMemory(): MemoryName {
    return this.#modem.memories.has('SR') ? 'SR' : this.#modem.selected[2];
  }

  #otherThan(name: MemoryName): MemoryName {
    const other = name === 'ME' ? 'SM' : 'ME';
    return this.#modem.memories.has(other) ? other : name;
  }

  #announce(text: string, atOnce: boolean): void {
    if (this.#modem.settings.cnmi[0] === 0 && text.startsWith('+C')) this.#buffered.push(text);
    else this.#modem.announce(text, atOnce ? 'at once' : 'in turn');
  }

  #routed(offer: Offer): string {
    if (this.#modem.settings.cmgf === 1) return routedText(offer, this.#modem.settings);
    const pdu = Buffer.from(this.#withServiceCentre(offer.tpdu)).toString('hex').toUpperCase();
    return offer.kind === 'report' ? `+CDS: ${offer.tpdu.length}\n${pdu}` : `+CMT: ,${offer.tpdu.length}\n${pdu}`;
  }

  #withServiceCentre(tpdu: Uint8Array): Uint8Array {
    const { serviceCentre } = this.#modem.parts.network;
    return Buffer.from(writePdu({ serviceCentre: addressOf(serviceCentre), tpdu }).hex, 'hex');
  }

  #tell({ tpdu }: Offer, where: Place): void {
    this.#modem.parts.tell(arrivalEvent(tpdu, where));
  }
}

/** 0 to 3; `undefined` where it has none, or cannot be read. */
function classOf(tpdu: Uint8Array): number | undefined {
  try {
    const found = decodeIncoming(tpdu);
    return found.type === 'SMS-DELIVER' ? readCodingScheme(found.dataCodingScheme).messageClass : undefined;
  } catch (error) {
    if (error instanceof TpduError) return undefined;
    throw error;
  }
}
