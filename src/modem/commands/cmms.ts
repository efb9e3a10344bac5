// TS 27.005 3.5.6 More Messages to Send +CMMS

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numbersOf } from '../fields.js';

/** The radio link stays up between messages that follow one another closely. Some modems know no such thing. */
export async function keepLink(channel: AtChannel): Promise<void> {
  try {
    const [answer] = await channel.execute({ text: 'AT+CMMS=?', prefix: '+CMMS' });
    const offered = numbersOf(answer && fieldsOf(answer.line)[0]);
    if (offered.includes(2)) await channel.execute({ text: 'AT+CMMS=2' });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
