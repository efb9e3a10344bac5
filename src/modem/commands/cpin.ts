// TS 27.007 8.3 Enter PIN +CPIN, 8.65 Remaining PIN retries +CPINR

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numberOf, parametersOf } from '../fields.js';

/** What the SIM asks for: `READY`, `SIM PIN`, `SIM PUK`, … */
export async function readPinState(channel: AtChannel): Promise<string> {
  const [answer] = await channel.execute({ text: 'AT+CPIN?', prefix: '+CPIN', isAnswered: true });
  // Some put it in quotes.
  return parametersOf(answer!.line).replaceAll('"', '').trim().toUpperCase();
}

/** Once: whoever asks twice with a wrong one is near the end of the SIM. */
export async function enterPin(channel: AtChannel, pin: string): Promise<void> {
  await channel.execute({ text: `AT+CPIN="${pin}"`, timeoutMilliseconds: 30_000 });
}

/** How each maker is asked for the tries that are left. */
export const pinCounters = {
  standard: { text: 'AT+CPINR="SIM PIN"', prefix: '+CPINR', field: 1 }, // +CPINR: SIM PIN,3,3
  huawei: { text: 'AT^CPIN?', prefix: '^CPIN', field: 3 }, // ^CPIN: SIM PIN,,10,3,10,3
  siemens: { text: 'AT^SPIC', prefix: '^SPIC', field: 0 }, // ^SPIC: 3
} as const;

/** `undefined` where the modem does not tell. */
export async function readPinTries(
  channel: AtChannel,
  { text, prefix, field }: (typeof pinCounters)[keyof typeof pinCounters],
): Promise<number | undefined> {
  try {
    const [answer] = await channel.execute({ text, prefix });
    return answer && numberOf(fieldsOf(answer.line)[field]);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
