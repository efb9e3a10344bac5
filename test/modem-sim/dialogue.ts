// A terminal at an emulated modem, and dialogues with it as text.
//
//    > AT+CMGS=20         typed, CR behind it
//    >> 0021…             typed at a prompt, Ctrl-Z behind it
//    >! 0021…             the same with ESC
//    ~ 15s                time passes
//    < +CMGS: 0           what is said since, without empty lines
//    # why                for the reader

import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Clock } from '../../src/modem-sim/clock.js';
import { ModemSim, type ModemSimOptions } from '../../src/modem-sim/modem-sim.js';
import { VirtualNetwork } from '../../src/modem-sim/network.js';

/** Stands still until it is moved; what waits for no time at all happens at once. */
export class StandingClock implements Clock {
  #now = Date.UTC(2026, 10, 30, 12, 0, 0);
  readonly #timers = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): { cancel: () => void } {
    if (milliseconds === 0) {
      const immediate = setImmediate(call);
      return { cancel: () => clearImmediate(immediate) };
    }
    const timer = { at: this.#now + milliseconds, call };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.call();
      await settled();
    }
    this.#now = end;
  }
}

/** Everything that is due has happened. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 6; n++) await turn();
}

export class Terminal extends Duplex {
  #said = '';
  /** The pieces in which it came. */
  pieces: string[] = [];

  override _read(): void {
    // What is typed is pushed.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#said += chunk.toString('latin1');
    this.pieces.push(chunk.toString('latin1'));
    done();
  }

  async type(text: string): Promise<void> {
    this.push(Buffer.from(text, 'latin1'));
    await settled();
  }

  /** What was said since it was last asked. */
  heard(): string {
    const said = this.#said;
    this.#said = '';
    this.pieces = [];
    return said;
  }
}

export interface Stage {
  readonly sim: ModemSim;
  readonly network: VirtualNetwork;
  readonly clock: StandingClock;
  readonly terminal: Terminal;
}

/** A modem with a terminal; without echo. */
export function stage(options: ModemSimOptions = {}): Stage {
  const clock = new StandingClock();
  const network = options.network ?? new VirtualNetwork({ clock });
  const sim = new ModemSim({ network, ...options });
  return { sim, network, clock, terminal: terminalAt(sim) };
}

export function terminalAt(sim: ModemSim): Terminal {
  const terminal = new Terminal();
  sim.attach(terminal);
  return terminal;
}

/** Has the dialogue and compares each answer. ATE0 comes first. */
export async function converse(t: ExecutionContext, { terminal, clock }: Stage, written: string): Promise<void> {
  await terminal.type('ATE0\r');
  terminal.heard();
  const lines = written.split('\n').map((line) => line.trim());
  let expected: string[] = [];
  let asked = '';
  const compare = (): void => {
    t.deepEqual(linesOf(terminal.heard()), expected, asked);
    expected = [];
  };
  for (const line of [...lines.filter((each) => each !== '' && !each.startsWith('#')), '>']) {
    const [mark] = line.split(' ', 1);
    const text = line.slice(mark!.length + 1);
    if (mark === '<') {
      expected.push(text);
      continue;
    }
    compare();
    asked = line;
    if (mark === '~') await clock.pass(Number.parseFloat(text) * 1000);
    else if (line !== '>') await terminal.type(text + endings[mark as keyof typeof endings]);
    await settled();
  }
}

const endings = { '>': '\r', '>>': '\x1a', '>!': '\x1b' } as const;

function linesOf(said: string): string[] {
  return said.split(/[\r\n]+/).filter((line) => line !== '' && line !== '> ');
}
