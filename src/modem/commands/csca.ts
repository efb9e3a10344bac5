// TS 27.005 3.3.1 Service Centre Address +CSCA

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf } from '../fields.js';

/** The number of the service centre; `undefined` where the SIM has none. */
export async function readServiceCentre(channel: AtChannel): Promise<string | undefined> {
  try {
    const [answer] = await channel.execute({ text: 'AT+CSCA?', prefix: '+CSCA' });
    const [number = ''] = answer ? fieldsOf(answer.line) : [];
    return withoutUcs2(number) || undefined;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

export async function setServiceCentre(channel: AtChannel, number: string): Promise<void> {
  // TS 24.011 8.2.5.2: type of address 145 is international, 129 is not known.
  await channel.execute({ text: `AT+CSCA="${number}",${number.startsWith('+') ? 145 : 129}` });
}

// AT+CSCS="UCS2" was in force: each digit is four hexadecimal ones.
function withoutUcs2(number: string): string {
  if (number.length < 12 || !/^(00[0-9A-F]{2})+$/i.test(number)) return number;
  return Buffer.from(number, 'hex').swap16().toString('utf16le');
}
