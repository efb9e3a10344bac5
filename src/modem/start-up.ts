// From a port at which something answers to a modem that sends and receives.
//
//    settings   no echo, errors in numbers, PDUs; who it is, and by that what is particular to it
//    SIM        pin
//    routing    service centre, how new messages and reports are told, where messages lie
//    network    registered, at home or as a guest

import { type Clock, sleep } from './clock.js';
import type { AtChannel } from './channel.js';
import { readImei, readImsi, readModel } from './commands/cgsn.js';
import { keepLink } from './commands/cmms.js';
import { type Indications, setIndications } from './commands/cnmi.js';
import { readMemories, setMemories } from './commands/cpms.js';
import { readRegistration, type Registration } from './commands/creg.js';
import { readServiceCentre, setServiceCentre } from './commands/csca.js';
import { readSignal } from './commands/csq.js';
import { isRefusal, ModemError } from './errors.js';
import type { MemoryKeeper } from './memory.js';
import { openSim } from './pin.js';
import { type Template, templateFor } from './templates.js';

export interface StartSetup {
  channel: AtChannel;
  clock: Clock;
  memory: MemoryKeeper;
  /** Chosen by what the modem says it is, where it is absent. */
  template: Template | undefined;
  pin: string | undefined;
  serviceCentre: string | undefined;
  signal: AbortSignal;
  /** Told while it waits. */
  onObstacle: (error: ModemError) => void;
}

export interface Started {
  template: Template;
  indications: Indications;
  /** From which received messages are read; none where it gives out none. */
  memories: readonly string[];
  /** In dBm. */
  signal: number | undefined;
}

const registrationPauseMilliseconds = 2_000;
const registrationTries = 60;

/** Throws ModemError. */
export async function startUp(setup: StartSetup): Promise<Started> {
  const { channel, memory } = setup;
  const template = await applySettings(setup);
  const imei = await readImei(channel);
  await openSim({ ...setup, template });
  await memory.write({ imei, imsi: await readImsi(channel) });
  await setServiceCentreOf(setup);
  // Its answer to what came before may have been forgotten with the PIN.
  await channel.execute({ text: 'AT+CMGF=0' });
  await tryAll(channel, ['AT+CSMS=0']);
  const indications = await setIndications(channel);
  const memories = await chooseMemories(channel, template);
  await keepLink(channel);
  await untilRegistered(setup);
  return { template, indications, memories, signal: await readSignal(channel) };
}

async function applySettings({ channel, template }: StartSetup): Promise<Template> {
  await channel.execute({ text: 'ATE0' });
  await tryAll(channel, ['ATV1', 'AT+CMEE=1']);
  const chosen = template ?? templateFor(await readModel(channel));
  await tryAll(channel, chosen.setUp);
  // TS 27.007 5.5: what is in quotes is in letters, whatever was set before.
  await tryAll(channel, ['AT+CSCS="GSM"']);
  return chosen;
}

async function tryAll(channel: AtChannel, commands: readonly string[]): Promise<void> {
  for (const text of commands)
    await channel.execute({ text }).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
}

async function setServiceCentreOf({ channel, serviceCentre }: StartSetup): Promise<void> {
  const known = await readServiceCentre(channel);
  if (serviceCentre === undefined) {
    if (known === undefined) throw new ModemError('NO_SERVICE_CENTRE');
    return;
  }
  if (known !== serviceCentre) await setServiceCentre(channel, serviceCentre);
}

async function chooseMemories(channel: AtChannel, { receives, memories }: Template): Promise<string[]> {
  if (!receives) return [];
  const offered = await readMemories(channel);
  const chosen = memories.filter((memory) => offered.read.includes(memory));
  const read = chosen.length > 0 ? chosen : offered.read.slice(0, 1);
  const receive = read.find((memory) => offered.receive.includes(memory)) ?? read[0]!;
  await setMemories(channel, receive).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
  });
  // Reports that are kept lie in a memory of their own.
  return offered.read.includes('SR') ? [...read, 'SR'] : read;
}

/** Throws ModemError NO_NETWORK, NETWORK_DENIED. */
async function untilRegistered({ channel, clock, signal, onObstacle }: StartSetup): Promise<void> {
  let state: Registration | undefined;
  for (let tries = 0; tries < registrationTries && !signal.aborted; tries++) {
    state = await readRegistration(channel);
    // One that does not know the question is believed to have a network.
    if (state === 'registered' || state === undefined) return;
    onObstacle(obstacleOf(state));
    await sleep(clock, registrationPauseMilliseconds, signal);
  }
  throw obstacleOf(state);
}

/** Why a modem in this state carries nothing. */
export function obstacleOf(state: Registration | undefined): ModemError {
  return new ModemError(state === 'denied' ? 'NETWORK_DENIED' : 'NO_NETWORK');
}
