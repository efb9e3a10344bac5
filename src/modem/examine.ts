// What an administrator should know of a modem, in sentences. It is only asked: nothing is set, no PIN is entered. Numbers and texts
// stand in none of them.

import type { AtChannel } from './channel.js';
import { CmeError, cmeNameOf } from './cme-errors.js';
import { readModel } from './commands/cgsn.js';
import { pinCounters, readPinState, readPinTries } from './commands/cpin.js';
import { readRegistration, type Registration } from './commands/creg.js';
import { readServiceCentre } from './commands/csca.js';
import { readSignal } from './commands/csq.js';
import { isRefusal, ModemError } from './errors.js';
import { fieldsOf, numberOf } from './fields.js';
import { type Template, templateFor } from './templates.js';

export interface Finding {
  readonly about: 'port' | 'modem' | 'SIM' | 'service centre' | 'network' | 'signal' | 'memory';
  /** False where it keeps texts from going or coming. */
  readonly isWell: boolean;
  readonly says: string;
}

export interface Examined {
  channel: AtChannel;
  /** By what it says it is, where it is absent. */
  template?: Template | undefined;
}

/** Of a modem that answers. Throws ModemError where it stops answering. */
export async function examineModem({ channel, template }: Examined): Promise<Finding[]> {
  const model = (await readModel(channel)).trim() || 'does not say what it is';
  const chosen = template ?? templateFor(model);
  const sim = await examineSim(channel, chosen);
  const findings: Finding[] = [well('modem', `answers: ${model}, driven as ${chosen.title}`), sim];
  // Most answer nothing of the network before their PIN.
  if (!sim.isWell) return findings;
  return [
    ...findings,
    await examineServiceCentre(channel),
    networkOf(await readRegistration(channel)),
    signalOf(await readSignal(channel)),
    ...(await examineMemories(channel)),
  ];
}

function well(about: Finding['about'], says: string): Finding {
  return { about, isWell: true, says };
}

function bad(about: Finding['about'], says: string): Finding {
  return { about, isWell: false, says };
}

async function examineSim(channel: AtChannel, { pinCounter }: Template): Promise<Finding> {
  try {
    const state = await readPinState(channel);
    if (state === 'READY') return well('SIM', 'is ready');
    if (state.includes('PUK')) return bad('SIM', 'is locked and asks for its PUK: put it into a phone and unlock it');
    const tries = pinCounter && (await readPinTries(channel, pinCounters[pinCounter]));
    return bad('SIM', `asks for its PIN${tries === undefined ? '' : `, with ${tries} tries left`}`);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { number } = error;
    if (number === CmeError.SimNotInserted) return bad('SIM', 'is not in the modem');
    if (number === CmeError.SimPinRequired) return bad('SIM', 'asks for its PIN');
    return bad('SIM', number === undefined ? 'is not ready' : `is not ready: ${cmeNameOf(number)} (${number})`);
  }
}

async function examineServiceCentre(channel: AtChannel): Promise<Finding> {
  const number = await readServiceCentre(channel);
  return number === undefined
    ? bad('service centre', 'is not known to the SIM: the gateway needs its smsCenter')
    : well('service centre', 'is known');
}

const networks: Readonly<Record<Registration, Finding>> = {
  registered: well('network', 'has admitted the modem'),
  searching: bad('network', 'is being searched for: look at the aerial, and whether there is coverage'),
  denied: bad('network', 'does not admit this SIM: ask its operator'),
  off: bad('network', 'is not being searched for: the radio is off, or there is none in reach'),
};

function networkOf(state: Registration | undefined): Finding {
  return state === undefined ? well('network', 'is not told of by this modem') : networks[state];
}

/** Below it texts begin to fail. */
const weakDbm = -105;

function signalOf(dbm: number | undefined): Finding {
  if (dbm === undefined) return well('signal', 'is not told of by this modem');
  return dbm < weakDbm ? bad('signal', `is weak: ${dbm} dBm`) : well('signal', `is ${dbm} dBm`);
}

/** TS 27.005 3.2.2 Preferred Message Storage +CPMS: name, used and total of each. */
async function examineMemories(channel: AtChannel): Promise<Finding[]> {
  try {
    const [answer] = await channel.execute({ text: 'AT+CPMS?', prefix: '+CPMS' });
    const fields = answer ? fieldsOf(answer.line) : [];
    // The third one takes what is received.
    const [memory = '', used, total] = fields.length >= 9 ? fields.slice(6) : fields;
    const [count, room] = [numberOf(used), numberOf(total)];
    if (count === undefined || room === undefined) return [];
    const says = `${memory} holds ${count} of ${room} messages`;
    return [count >= room ? bad('memory', `${says}: the network keeps what comes`) : well('memory', says)];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [];
  }
}

/** Throws what is no ModemError. */
export function findingOf(error: unknown): Finding {
  if (!(error instanceof ModemError)) throw error;
  if (error.code !== 'NOT_OPENED') return { about: 'modem', isWell: false, says: error.message };
  return { about: 'port', isWell: false, says: `cannot be opened: ${reasonOf(error)}` };
}

function reasonOf({ cause }: ModemError): string {
  const words = cause instanceof Error ? cause.message : '';
  if (/lock|busy|temporarily/i.test(words)) return 'another program has it open, such as this server or ModemManager';
  return words === '' ? 'nobody answers there' : words;
}
