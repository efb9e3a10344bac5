// How new messages and status reports are told: by what the modem offers, because many refuse what is asked for first.
// TS 27.005 3.4.1 New Message Indications to TE +CNMI

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numbersOf } from '../fields.js';

export interface Indications {
  mode: number;
  /** 1: stored and told (+CMTI); 2: given at once (+CMT); 0: neither, they have to be looked for. */
  messages: number;
  /** 1: given at once (+CDS); 2: stored and told (+CDSI); 0: there are none. */
  reports: number;
  /** What is to be done with those that waited until now. */
  buffer: number;
}

// Best first. Stored ones are still there after a crash; 2 without an acknowledgement is lost with us.
const modes = [2, 1, 3, 0];
const messageWays = [1, 2, 0];
const reportWays = [1, 2, 0];
const bufferWays = [0, 1];

/** `undefined` where the modem does not tell what it offers. */
export function bestOffer(line: string): Indications | undefined {
  const [mode, messages, , reports, buffer] = fieldsOf(line).map(numbersOf);
  if (!mode || mode.length === 0 || !messages || messages.length === 0) return undefined;
  return {
    mode: firstOf(modes, mode),
    messages: firstOf(messageWays, messages),
    reports: firstOf(reportWays, reports ?? []),
    buffer: firstOf(bufferWays, buffer ?? []),
  };
}

function firstOf(wanted: readonly number[], offered: readonly number[]): number {
  return wanted.find((value) => offered.includes(value)) ?? 0;
}

// Where it does not tell, or does not keep to what it told.
const attempts: readonly Indications[] = [
  { mode: 2, messages: 1, reports: 1, buffer: 0 },
  { mode: 2, messages: 1, reports: 2, buffer: 0 },
  { mode: 1, messages: 1, reports: 1, buffer: 1 },
  { mode: 2, messages: 1, reports: 0, buffer: 0 },
  { mode: 1, messages: 1, reports: 0, buffer: 0 },
];

const none: Indications = { mode: 0, messages: 0, reports: 0, buffer: 0 };

/** The first that the modem takes; none where it takes none: then it is asked now and then. */
export async function setIndications(channel: AtChannel): Promise<Indications> {
  const offer = await readOffer(channel);
  for (const indications of offer ? [offer, ...attempts] : attempts)
    if (await isTaken(channel, indications)) return indications;
  return none;
}

async function readOffer(channel: AtChannel): Promise<Indications | undefined> {
  try {
    const [answer] = await channel.execute({ text: 'AT+CNMI=?', prefix: '+CNMI' });
    return answer && bestOffer(answer.line);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

async function isTaken(channel: AtChannel, { mode, messages, reports, buffer }: Indications): Promise<boolean> {
  try {
    await channel.execute({ text: `AT+CNMI=${mode},${messages},0,${reports},${buffer}` });
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
