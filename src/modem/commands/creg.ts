// TS 27.007 7.2 Network registration +CREG, 10.1.20 GPRS network registration status +CGREG, 10.1.22 EPS +CEREG

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numberOf } from '../fields.js';

export type Registration = 'registered' | 'searching' | 'denied' | 'off';

// 1 home, 5 roaming; 6 and 7 the same for SMS alone.
const states: Readonly<Record<number, Registration>> = {
  0: 'off',
  1: 'registered',
  2: 'searching',
  3: 'denied',
  4: 'searching',
  5: 'registered',
  6: 'registered',
  7: 'registered',
};

const domains = ['+CREG', '+CEREG', '+CGREG'];

/** Of the first network domain that admits us, else the word of the first that answers. */
export async function readRegistration(channel: AtChannel): Promise<Registration | undefined> {
  let first: Registration | undefined;
  for (const prefix of domains) {
    const found = await readDomain(channel, prefix);
    if (found === 'registered') return found;
    first ??= found;
  }
  return first;
}

async function readDomain(channel: AtChannel, prefix: string): Promise<Registration | undefined> {
  try {
    const [answer] = await channel.execute({ text: `AT${prefix}?`, prefix });
    const state = answer && numberOf(fieldsOf(answer.line)[1]);
    return state === undefined ? undefined : (states[state] ?? 'searching');
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
