// The PIN, which is entered once: the third wrong one locks the SIM.
// TS 27.007 8.3 Enter PIN +CPIN
//
//    READY        nothing to do
//    SIM PIN      is one configured, was it not refused before, and are there three tries?  ── else: obstacle, and nothing is tried
//                 it is noted that it is tried ── entered ── two seconds ── READY?  ── refused: noted as failed
//    SIM PUK      obstacle: a person has to see to it

import { createHash } from 'node:crypto';
import type { AtChannel } from './channel.js';
import { CmeError } from './cme-errors.js';
import { type Clock, sleep } from './clock.js';
import { enterPin, pinCounters, readPinState, readPinTries } from './commands/cpin.js';
import { isRefusal, ModemError } from './errors.js';
import type { MemoryKeeper } from './memory.js';
import type { Template } from './templates.js';

export interface PinSetup {
  channel: AtChannel;
  clock: Clock;
  memory: MemoryKeeper;
  template: Pick<Template, 'pinCounter'>;
  pin: string | undefined;
  signal: AbortSignal;
}

/** The document's pause behind the PIN. */
const afterPinMilliseconds = 2_000;
const busyPauseMilliseconds = 1_000;
const busyTries = 20;
const allTries = 3;

/** Throws ModemError PIN_…, PUK_NEEDED, SIM_MISSING, SIM_BUSY. */
export async function openSim(setup: PinSetup): Promise<void> {
  const state = await readSimState(setup);
  if (state === 'READY') return;
  if (state.includes('PUK')) throw new ModemError('PUK_NEEDED');
  if (state !== 'SIM PIN') throw new ModemError(state.includes('PIN') ? 'PIN_MISSING' : 'SIM_MISSING');
  const { clock, signal } = setup;
  await enterOnce(setup);
  await sleep(clock, afterPinMilliseconds, signal);
  const after = await readSimState(setup);
  if (after !== 'READY') throw new ModemError(after.includes('PUK') ? 'PUK_NEEDED' : 'PIN_FAILED');
}

async function enterOnce({ channel, memory, template, pin }: PinSetup): Promise<void> {
  if (pin === undefined) throw new ModemError('PIN_MISSING');
  const tries = template.pinCounter && (await readPinTries(channel, pinCounters[template.pinCounter]));
  const { triedPin, pinFailed } = await memory.read();
  const digest = digestOf(pin);
  if (triedPin === digest && (pinFailed || tries !== allTries)) throw new ModemError('PIN_FAILED');
  if (tries !== undefined && tries < allTries) throw new ModemError('PIN_LAST_TRY');
  // On disk before it is entered: whoever finds it after a crash does not enter it again.
  await memory.write({ triedPin: digest, pinFailed: false });
  try {
    await enterPin(channel, pin);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await memory.write({ triedPin: digest, pinFailed: true });
    throw new ModemError('PIN_FAILED', { cause: error });
  }
  await memory.write({ triedPin: undefined, pinFailed: undefined });
}

function digestOf(pin: string): string {
  return createHash('sha256').update(`PIN ${pin}`).digest('base64');
}

/** A SIM that is busy, or not yet found, is asked again. */
async function readSimState({ channel, clock, signal }: PinSetup): Promise<string> {
  for (let tries = 0; tries < busyTries && !signal.aborted; tries++) {
    try {
      return await readPinState(channel);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const state = stateOf(error);
      if (state !== undefined) return state;
      await sleep(clock, busyPauseMilliseconds, signal);
    }
  }
  throw new ModemError('SIM_BUSY');
}

/** `undefined` where it is worth asking again. Throws ModemError SIM_MISSING. */
function stateOf({ number }: ModemError): string | undefined {
  if (number === CmeError.SimNotInserted || number === CmeError.SimFailure || number === CmeError.SimWrong)
    throw new ModemError('SIM_MISSING');
  if (number === CmeError.SimPinRequired) return 'SIM PIN';
  return number === CmeError.SimPukRequired ? 'SIM PUK' : undefined;
}
