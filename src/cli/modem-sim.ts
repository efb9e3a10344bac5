// `easms modem-sim`: emulated GSM modems on TCP ports, in a network of their own.

import { createInterface } from 'node:readline';
import { Command, Option } from 'commander';
import { ModemSimError } from '../modem-sim/errors.js';
import type { SimEvent } from '../modem-sim/events.js';
import { faultGroups } from '../modem-sim/faults.js';
import { type Listening, ModemSim } from '../modem-sim/modem-sim.js';
import { VirtualNetwork } from '../modem-sim/network.js';
import { profiles } from '../modem-sim/profiles.js';
import { CliError } from './errors.js';
import { obeyAtModem } from './modem-sim-input.js';
import { inWords } from './modem-sim-words.js';
import { print } from './print.js';
import { collect } from './repeatable.js';
import { untilSignal } from './until-signal.js';

interface ModemSimFlags {
  readonly listen?: string[];
  readonly profile: string;
  readonly number?: string[];
  readonly pin?: string;
  readonly puk?: string;
  readonly fault?: string[];
  readonly simBusyMs: string;
  readonly submitMs: string;
  readonly deliveryMs: string;
  readonly reportMs: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly trace?: boolean;
}

const help = `
On its input, a line each; "@2 " before it is for the second modem:
  +1555… TEXT          the network brings it this text; the sender may be a word
  fault NAME           switches a fault on, no-fault NAME off, no-fault all of them
  unplug, plug         pulls the modem out, and puts it in again
  ring +1555…          somebody calls until it is hung up; "ring" alone: the caller gives up
  say TEXT             an unsolicited result

Several --listen are several modems that reach one another by their numbers. "--fault list" lists the faults;
docs/modem-sim.md explains them, and how to make a serial device of it with socat.
`;

export function modemSimCommand(): Command {
  return new Command('modem-sim')
    .description('a GSM modem emulator on a TCP port')
    .option('--listen <tcp:host:port>', 'where drivers find it; again for another modem', collect)
    .addOption(new Option('--profile <name>', 'whose modem it is').choices(Object.keys(profiles)).default('generic'))
    .option('--number <number>', 'its own number, international; again for the next modem', collect)
    .option('--pin <digits>', 'the PIN it wants after it is switched on')
    .option('--puk <digits>', 'what unlocks it after three wrong PINs (default: 12345678)')
    .option('--fault <name>', 'what it does wrong; may be given again; "list" lists them', collect)
    .option('--sim-busy-ms <ms>', 'how long the SIM is busy behind its PIN', '0')
    .option('--submit-ms <ms>', 'how long the network takes over a message, half of it with +CMMS', '0')
    .option('--delivery-ms <ms>', 'how long a message is on its way', '0')
    .option('--report-ms <ms>', 'how long after that the status report comes', '0')
    .option('--json', 'print each event as a line of JSON')
    .option('--quiet', 'print where it listens and nothing else')
    .option('--trace', 'print the lines of the dialogue as well')
    .addHelpText('after', help)
    .action(async (flags: ModemSimFlags, command: Command) => {
      if (flags.fault?.includes('list')) return print(command, faultList());
      try {
        await live(flags, command);
      } catch (error) {
        throw error instanceof ModemSimError ? asCliError(error) : error;
      }
    });
}

function faultList(): string {
  const blocks = Object.entries(faultGroups).map(([group, kinds]) => {
    const rows = Object.entries(kinds).map(
      ([name, kind]) => `  ${name.padEnd(22)} ${kind.what}${usualValues(kind.values)}`,
    );
    return [`${group}:`, ...rows].join('\n');
  });
  return `${blocks.join('\n')}\nNAME:nth=3, nth=2-5, every=10, times=2, p=0.1, seed=7, on=CMGS, to=+1555…: when it strikes`;
}

function usualValues(values: Readonly<Record<string, number>> = {}): string {
  const written = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return written.length === 0 ? '' : ` (${written.join(', ')})`;
}

async function live(flags: ModemSimFlags, command: Command): Promise<void> {
  const places = (flags.listen ?? []).map(readPlace);
  if (places.length === 0) throw new CliError('WRONG_USAGE', 'say where it listens: --listen tcp:127.0.0.1:7001');
  const network = new VirtualNetwork({
    deliveryMs: ms(flags.deliveryMs),
    reportMs: ms(flags.reportMs),
    remembers: false,
  });
  const sims: ModemSim[] = [];
  const tell = (event: SimEvent | Ready, n: number): void => print(command, written(event, n, flags));
  const hush = flags.quiet ? (): void => undefined : tell;
  const signal = untilSignal();
  try {
    for (const [n, place] of places.entries()) {
      const sim = simFor(flags, { n, network, onEvent: (event) => hush(event, n) });
      sims.push(sim);
      const { host, port } = await sim.listen(place);
      tell({ event: 'ready', listen: `tcp:${host}:${port}`, number: sim.number, profile: flags.profile }, n);
    }
    const input = createInterface({ input: process.stdin });
    input.on('line', (line) => hear(command, sims, line));
    await signal.received;
    input.close();
  } finally {
    signal.forget();
    await Promise.all(sims.map((sim) => sim.close()));
  }
}

interface Ready {
  event: 'ready';
  listen: string;
  number: string;
  profile: string;
}

function written(event: SimEvent | Ready, n: number, { json, listen }: ModemSimFlags): string {
  const isAlone = listen!.length === 1;
  if (json) return JSON.stringify(isAlone ? event : { modem: n + 1, ...event });
  return (isAlone ? '' : `${n + 1}  `) + inWords(event);
}

interface Surroundings {
  n: number;
  network: VirtualNetwork;
  onEvent: (event: SimEvent) => void;
}

function simFor(flags: ModemSimFlags, { n, network, onEvent }: Surroundings): ModemSim {
  const { profile, pin, puk, fault: faults, trace: traces } = flags;
  return new ModemSim({
    ...{ profile, pin, puk, faults, traces, network, onEvent },
    ...{ number: flags.number?.[n], simBusyMs: ms(flags.simBusyMs), submitMs: ms(flags.submitMs) },
  });
}

// tcp:127.0.0.1:7001, tcp:[::1]:7001
function readPlace(written: string): Listening {
  const [, host, port] =
    /^tcp:(?:\[([\da-f:]+)\]|([^:]+)):(\d{1,5})$/i.exec(written)?.filter((part) => part !== undefined) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new CliError('WRONG_USAGE', `--listen is tcp:HOST:PORT: ${written}`);
  return { host, port: Number(port) };
}

function ms(written: string): number {
  if (!/^\d{1,9}$/.test(written)) throw new CliError('WRONG_USAGE', `milliseconds are a whole number: ${written}`);
  return Number(written);
}

function hear(command: Command, sims: readonly ModemSim[], line: string): void {
  obeyAtModem(sims, line).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    command.configureOutput().writeErr?.(`easms: ${said}\n`);
  });
}

function asCliError(error: ModemSimError): CliError {
  return new CliError(error.code === 'NOT_LISTENING' ? 'NOT_DONE' : 'WRONG_USAGE', error.message, error);
}
