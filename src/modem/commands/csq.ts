// TS 27.007 8.5 Signal quality +CSQ

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numberOf } from '../fields.js';

/** In dBm, from -113 to -51; `undefined` where it is not known. */
export async function readSignal(channel: AtChannel): Promise<number | undefined> {
  try {
    const [answer] = await channel.execute({ text: 'AT+CSQ', prefix: '+CSQ', isAnswered: true });
    const level = numberOf(fieldsOf(answer!.line)[0]);
    return level === undefined || level > 31 ? undefined : -113 + 2 * level;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
