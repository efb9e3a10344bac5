// What somebody types to emulated modems, one line each.

import type { ModemSim } from '../modem-sim/modem-sim.js';
import { CliError } from './errors.js';

export const modemInputForms =
  '"+1555… TEXT", "fault NAME", "no-fault [NAME]", "unplug", "plug", "ring [NUMBER]" or "say TEXT", with "@2 " before it for the second modem';

type Actions = Pick<
  ModemSim,
  'receive' | 'addFault' | 'removeFault' | 'unplug' | 'plug' | 'ring' | 'stopRinging' | 'announce'
>;

const orders: Readonly<Record<string, (sim: Actions, rest: string) => void | Promise<void>>> = {
  fault: (sim, rest) => sim.addFault(rest),
  'no-fault': (sim, rest) => sim.removeFault(rest || undefined),
  unplug: (sim) => sim.unplug(),
  plug: (sim) => sim.plug(),
  ring: (sim, rest) => (rest === '' ? sim.stopRinging() : sim.ring(rest)),
  say: (sim, rest) => sim.announce(rest),
};

/** Throws CliError where nothing comes of the line, ModemSimError for a fault that is none, TpduError for a sender that is none. */
export async function obeyAtModem(sims: readonly Actions[], line: string): Promise<void> {
  const [, which = '1', verb, rest = ''] = /^\s*(?:@(\d{1,3})\s+)?(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
  if (verb === undefined) return;
  const sim = sims[Number(which) - 1];
  if (sim === undefined) throw new CliError('WRONG_USAGE', `there is no modem ${which}`);
  const order = Object.hasOwn(orders, verb) ? orders[verb] : undefined;
  if (order) return order(sim, rest);
  if (rest === '') throw new CliError('WRONG_USAGE', `a line is ${modemInputForms}`);
  sim.receive({ from: verb, text: rest });
}
