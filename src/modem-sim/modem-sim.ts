// The emulated modem as programs have it: plugged into a TCP port or any stream, pulled out, spoken to from the network's side.
//
//    const network = new VirtualNetwork();
//    const sim = new ModemSim({ network, number: '+447700900001', faults: ['cms-500:nth=3'] });
//    const { port } = await sim.listen();              // a driver opens tcp:127.0.0.1:port
//    sim.receive({ from: '+447700900123', text: 'Hello' });
//    await sim.until('sent', ({ to }) => to === '+447700900123');
//    sim.unplug(); await sim.plug(); sim.addFault('memory-full'); sim.removeFault('memory-full');
//    await sim.close();

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { ModemSimError } from './errors.js';
import { type EventNamed, EventMemory } from './event-memory.js';
import type { SimEvent } from './events.js';
import { FaultSwitches } from './fault-switches.js';
import { imeiFor, imsiFor } from './identity-numbers.js';
import { Line } from './line.js';
import { Modem } from './modem.js';
import { type IncomingMessage, type SubmittedMessage, VirtualNetwork } from './network.js';
import { profiles } from './profiles.js';
import { isPin } from './sim.js';
import { type UssdAnswers, usualAnswers } from './ussd.js';

export interface ModemSimOptions {
  /** A name of `profiles`. */
  readonly profile?: string | undefined;
  /** International; one that is free where it is left out. */
  readonly number?: string | undefined;
  /** Wanted after each power-on; without it none is. */
  readonly pin?: string | undefined;
  /** 8 digits; 12345678 where it is left out. */
  readonly puk?: string | undefined;
  readonly imei?: string | undefined;
  readonly imsi?: string | undefined;
  /** Shared by those who are to reach one another. */
  readonly network?: VirtualNetwork | undefined;
  /** As `--fault` has them. */
  readonly faults?: readonly string[] | undefined;
  /** Milliseconds for which the SIM is busy behind its PIN; 0 where it is left out. */
  readonly simBusyMs?: number | undefined;
  /** Milliseconds from Ctrl-Z to the answer, half of it with +CMMS; 0 where it is left out. Real networks take 3 to 6 seconds. */
  readonly submitMs?: number | undefined;
  readonly ussd?: UssdAnswers | undefined;
  readonly onEvent?: ((event: SimEvent) => void) | undefined;
  /** Whether the lines of the dialogue are events as well. */
  readonly traces?: boolean | undefined;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
}

export class ModemSim {
  readonly network: VirtualNetwork;
  readonly number: string;
  readonly #modem: Modem;
  readonly #faults: FaultSwitches;
  readonly #events: EventMemory;
  #server: Server | undefined;
  #at: Listening | undefined;

  /** Switched on at once. Throws ModemSimError. */
  constructor(options: ModemSimOptions = {}) {
    const { profile = 'generic', network = new VirtualNetwork(), pin, puk, faults = [], traces = false } = options;
    const found = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
    if (found === undefined) throw new ModemSimError('UNKNOWN_PROFILE', profile);
    if (pin !== undefined && !isPin(pin)) throw new ModemSimError('BAD_PIN');
    this.network = network;
    this.number = options.number ?? network.freeNumber();
    this.#events = new EventMemory(options.onEvent);
    const tell = (event: SimEvent): void => this.#events.record(event);
    this.#faults = new FaultSwitches(({ name }, { command }) =>
      tell({ event: 'fault', name, ...(command && { command }) }),
    );
    for (const fault of faults) this.#faults.add(fault);
    this.#modem = new Modem({
      ...{ profile: found, network, faults: this.#faults, number: this.number, pin, puk, traces, tell },
      ...{ simBusyMs: options.simBusyMs ?? 0, submitMs: options.submitMs ?? 0, ussd: options.ussd ?? usualAnswers },
      ...{ imei: options.imei ?? imeiFor(this.number), imsi: options.imsi ?? imsiFor(this.number) },
      unplug: (plugAfterMs) => this.#unplugFor(plugAfterMs),
    });
  }

  /** Waits for drivers on a TCP port, any free one where none is named. Throws ModemSimError NOT_LISTENING. */
  async listen({ host = '127.0.0.1', port = 0 }: Partial<Listening> = {}): Promise<Listening> {
    const server = createServer({ noDelay: true }, (socket) => this.attach(socket)).listen(port, host);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new ModemSimError('NOT_LISTENING', `${host}:${port}`, error);
    }
    this.#server = server;
    this.#at = { host, port: (server.address() as AddressInfo).port };
    return this.#at;
  }

  /** A driver on any stream. Whoever came before it is cut off. */
  attach(stream: Duplex): void {
    if (!this.#modem.isPowered) {
      stream.destroy();
      return;
    }
    this.#modem.connected(new Line(stream, this.#modem));
  }

  /** Ends what is connected and leaves the network. */
  async close(): Promise<void> {
    this.network.detach(this.#modem);
    this.#modem.calls.end();
    this.#modem.powerOff();
    await this.#stopListening();
  }

  /** The line is cut and nobody listens any more. */
  unplug(): void {
    if (!this.#modem.isPowered) return;
    this.#modem.powerOff();
    void this.#stopListening();
    this.#events.record({ event: 'unplugged' });
  }

  /** Plugged in and switched on again: at the port it had, or at another. */
  async plug(where: Partial<Listening> = {}): Promise<void> {
    if (this.#modem.isPowered) return;
    await this.#stopListening();
    if (this.#at !== undefined) await this.listen({ ...this.#at, ...where });
    this.#modem.powerOn();
    this.#events.record({ event: 'plugged', listen: this.#at ? `tcp:${this.#at.host}:${this.#at.port}` : '' });
  }

  /** What the network has accepted from it, oldest first, one for each part. */
  get sent(): SubmittedMessage[] {
    return this.network.sent.filter(({ from }) => from === this.number);
  }

  /** How many messages and reports the network still holds for it. */
  get waiting(): number {
    return this.network.waitingFor(this.number);
  }

  /** A message arrives: a text, or octets with or without a header. Throws TpduError. */
  receive(message: IncomingMessage): void {
    this.network.receive(this.#modem, message);
  }

  /** The same with the octets of a DELIVER or STATUS-REPORT, well-formed or not. */
  receiveTpdu(tpdu: Uint8Array, kind: 'deliver' | 'report' = 'deliver'): void {
    this.network.receiveTpdu(this.#modem, tpdu, kind);
  }

  /** Somebody calls, until it is answered, hung up or `stopRinging` is called. */
  ring(from: string): void {
    this.#modem.calls.ring(from);
  }

  stopRinging(): void {
    this.#modem.calls.giveUp();
  }

  /** Anything that a modem might say unasked. */
  announce(text: string): void {
    this.#modem.announce(text);
  }

  /** As `--fault` writes it. Throws ModemSimError. */
  addFault(written: string): void {
    this.#faults.add(written);
  }

  /** All of them where none is named; what waited for the end of one goes on. */
  removeFault(name?: string): void {
    this.#faults.remove(name);
    this.#modem.comeBack();
  }

  /** What happened lately, oldest first. */
  get events(): readonly SimEvent[] {
    return this.#events.events;
  }

  /** The first such event, told already or still to come. */
  until<N extends SimEvent['event']>(name: N, isIt?: (event: EventNamed<N>) => boolean): Promise<EventNamed<N>> {
    return this.#events.until(name, isIt);
  }

  #unplugFor(milliseconds: number): void {
    this.unplug();
    if (milliseconds > 0) this.network.clock.after(milliseconds, () => void this.plug());
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server?.listening) return;
    server.close();
    await once(server, 'close');
  }
}
