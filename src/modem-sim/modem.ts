// The modem behind its line: it reads command lines, keeps settings, SIM and memories, and speaks to the network.

import type { Clock } from './clock.js';
import { Calls } from './calls.js';
import { type AtCommand, readCommandLine } from './command-line.js';
import type { Call } from './command-row.js';
import { runCommand } from './command-table.js';
import type { SimEvent } from './events.js';
import type { FaultSwitches, Occasion } from './fault-switches.js';
import { Indications } from './indications.js';
import type { Line, LineHost } from './line.js';
import { Memories, type MemoryName } from './memories.js';
import type { Offer, Subscriber, VirtualNetwork } from './network.js';
import type { Profile } from './profile.js';
import { Radio } from './radio.js';
import type { Answer, FinalResult } from './result-codes.js';
import { factorySettings, type Settings } from './settings.js';
import { Sim } from './sim.js';
import { UssdSession, type UssdAnswers } from './ussd.js';

export interface ModemParts {
  readonly profile: Profile;
  readonly network: VirtualNetwork;
  readonly faults: FaultSwitches;
  readonly number: string;
  readonly pin: string | undefined;
  readonly puk: string | undefined;
  readonly imei: string;
  readonly imsi: string;
  /** Milliseconds for which the SIM is busy behind its PIN, and the network takes over a message. */
  readonly simBusyMs: number;
  readonly submitMs: number;
  readonly ussd: UssdAnswers;
  /** Whether the lines of the dialogue are told. */
  readonly traces: boolean;
  readonly tell: (event: SimEvent) => void;
  /** The plug is pulled, and put in again after so many milliseconds where that is more than 0. */
  readonly unplug: (plugAfterMs: number) => void;
}

export class Modem implements LineHost, Subscriber {
  readonly parts: ModemParts;
  readonly clock: Clock;
  readonly faults: FaultSwitches;
  readonly number: string;
  readonly profile: Profile;
  readonly sim: Sim;
  readonly radio: Radio;
  readonly memories: Memories;
  readonly indications: Indications;
  readonly calls: Calls;
  readonly ussd: UssdSession;
  settings: Settings;
  /** Read and delete; write and send; receive. TS 27.005 3.2.3 Preferred Message Storage +CPMS */
  selected: [MemoryName, MemoryName, MemoryName];
  /** Set by +CSCA. */
  ownServiceCentre: string | undefined;
  line: Line | undefined;
  isPowered = true;
  #isDead = false;
  #reference = 0;
  #chatter = 0;

  constructor(parts: ModemParts) {
    const { profile, network, faults, number } = parts;
    this.parts = parts;
    this.clock = network.clock;
    this.faults = faults;
    this.number = number;
    this.profile = profile;
    this.sim = new Sim({ pin: parts.pin, puk: parts.puk, imsi: parts.imsi, busyMs: parts.simBusyMs }, this);
    this.radio = new Radio(this);
    this.memories = new Memories(profile.memories, faults);
    this.indications = new Indications(this);
    this.calls = new Calls(this);
    this.ussd = new UssdSession(this);
    this.settings = factorySettings(profile);
    this.selected = this.#firstMemories();
    network.attach(this);
  }

  /** A command line: its commands in order, up to the first that fails. */
  run(body: string, line: Line): Answer {
    const commands = readCommandLine(body);
    const occasion: Occasion = { command: commands?.[0] && bareName(commands[0].name) };
    const end = this.#endBefore(occasion, line);
    if (end !== undefined) return end;
    return commands === undefined ? 'ERROR' : this.#runFrom(commands, 0, line);
  }

  #runFrom(commands: readonly AtCommand[], first: number, line: Line): Answer {
    for (let n = first; n < commands.length; n++) {
      const answer = this.#runOne(commands[n]!, line);
      if (answer instanceof Promise) {
        return answer.then((result) => (result === 'OK' ? this.#runFrom(commands, n + 1, line) : result));
      }
      if (answer !== 'OK') return answer;
    }
    return 'OK';
  }

  #runOne(command: AtCommand, line: Line): Answer {
    line.occasion = { command: bareName(command.name) };
    const call: Call = { modem: this, line, command, occasion: line.occasion };
    return this.#failure(line.occasion) ?? runCommand(call);
  }

  // Sending commands fail behind their prompt, where the network would refuse.
  #failure(occasion: Occasion): FinalResult | undefined {
    const cme = this.faults.number('cme', occasion);
    if (cme !== undefined) return { cme };
    if (isSending(occasion.command)) return undefined;
    const cms = this.faults.number('cms', occasion);
    if (cms !== undefined) return { cms };
    return this.faults.strike('error', occasion) && 'ERROR';
  }

  #endBefore(occasion: Occasion, line: Line): FinalResult | undefined {
    const pulled = this.faults.strike('unplug', occasion);
    if (pulled) this.parts.unplug(pulled.values['ms']!);
    else if (this.faults.strike('restart', occasion)) this.restart();
    else if (this.faults.strike('dead', occasion)) this.#die(line);
    else if (this.faults.strike('hang', occasion)) line.hang();
    else return undefined;
    return 'silent';
  }

  #die(line: Line): void {
    this.#isDead = true;
    line.hang();
  }

  /** TP-MR of the next message; what the other side gave is not heeded, as in most modems. */
  nextReference(): number {
    if (this.faults.strike('mr-zero', { command: 'CMGS' })) return 0;
    return this.#reference++ & 0xff;
  }

  /** `undefined` where neither the SIM nor +CSCA knows one. */
  get serviceCentre(): string | undefined {
    if (this.ownServiceCentre !== undefined) return this.ownServiceCentre;
    return this.faults.strike('no-smsc') ? undefined : this.parts.network.serviceCentre;
  }

  factoryReset(): void {
    this.settings = factorySettings(this.profile);
  }

  /** All that does not outlive a power cut is lost. */
  powerOn(): void {
    this.isPowered = true;
    this.#isDead = false;
    this.factoryReset();
    this.selected = this.#firstMemories();
    this.radio.powerOn();
    this.sim.powerOn();
    this.indications.forget();
    this.calls.end();
    this.parts.tell({ event: 'powered' });
    for (const text of this.profile.boot) this.announce(text);
    this.comeBack();
  }

  powerOff(): void {
    this.isPowered = false;
    this.line?.close();
    this.line = undefined;
  }

  restart(): void {
    if (this.profile.restartCutsLine) this.line?.close();
    this.clock.after(0, () => this.powerOn());
  }

  /** Something that kept messages away may be over. */
  comeBack(): void {
    this.parts.network.isThere(this);
  }

  announce(text: string, when: 'in turn' | 'at once' = 'in turn'): void {
    this.line?.announce(text, when);
  }

  chatter(): string {
    const { chatter } = this.profile;
    return chatter[this.#chatter++ % chatter.length] ?? '+CIEV: 2,4';
  }

  offer(offer: Offer, done: (taken: boolean) => void): void {
    const isReachable = this.isPowered && this.sim.isUsable && this.radio.isReachable && this.profile.receives;
    if (!isReachable) return done(false);
    this.indications.take(offer, done);
  }

  overhear(from: 'modem' | 'peer', text: string): void {
    if (this.parts.traces) this.parts.tell({ event: 'line', from, text });
  }

  connected(line: Line): void {
    // Whoever opens the line has it: an old connection may not have been told that it is over.
    this.line?.close();
    this.line = line;
    if (this.#isDead) line.hang();
    this.parts.tell({ event: 'connected' });
    this.comeBack();
  }

  closed(line: Line): void {
    if (this.line !== line) return;
    this.line = undefined;
    this.parts.tell({ event: 'disconnected' });
  }

  #firstMemories(): [MemoryName, MemoryName, MemoryName] {
    const [read, write, receive] = this.profile.memories.choices;
    return [read[0]!, write[0]!, receive[0]!];
  }
}

/** `CMGS` of `+CMGS`. */
function bareName(name: string): string {
  return name.replace(/^[+^*#$%!&]/, '');
}

export function isSending(command: string | undefined): boolean {
  return command === 'CMGS' || command === 'CMSS';
}
