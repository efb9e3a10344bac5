// Calls that ring until somebody answers or hangs up.
// V.250 6.3.1 RING, TS 27.007 6.5 Hang up call +CHUP, 7.6 Calling line identification presentation +CLIP

import type { Timer } from './clock.js';
import type { Modem } from './modem.js';

const ringEveryMs = 3000;
/** The type of number as +CLIP has it: 145 international, 129 unknown. */
const typeOf = (number: string): number => (number.startsWith('+') ? 145 : 129);

export class Calls {
  readonly #modem: Modem;
  #from: string | undefined;
  #timer: Timer | undefined;
  #isAnswered = false;

  constructor(modem: Modem) {
    this.#modem = modem;
  }

  get current(): { from: string; isAnswered: boolean } | undefined {
    return this.#from === undefined ? undefined : { from: this.#from, isAnswered: this.#isAnswered };
  }

  ring(from: string): void {
    this.end();
    this.#from = from;
    this.#modem.parts.tell({ event: 'ringing', from });
    this.#ring();
  }

  answer(): boolean {
    if (this.#from === undefined) return false;
    this.#isAnswered = true;
    this.#timer?.cancel();
    return true;
  }

  /** Whether there was one. */
  end(): boolean {
    const wasThere = this.#from !== undefined;
    this.#timer?.cancel();
    this.#from = undefined;
    this.#isAnswered = false;
    if (wasThere) this.#modem.parts.tell({ event: 'hung-up' });
    return wasThere;
  }

  /** The caller gives up. */
  giveUp(): void {
    const wasAnswered = this.#isAnswered;
    if (this.end() && wasAnswered) this.#modem.announce('NO CARRIER');
  }

  #ring(): void {
    const { settings } = this.#modem;
    const from = this.#from!;
    this.#modem.announce(settings.crc === 1 ? '+CRING: VOICE' : 'RING');
    if (settings.clip === 1) this.#modem.announce(`+CLIP: "${from}",${typeOf(from)},,,,0`);
    this.#timer = this.#modem.clock.after(ringEveryMs, () => this.#ring());
  }
}
