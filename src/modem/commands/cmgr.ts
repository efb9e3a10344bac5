// TS 27.005 3.4.3 Read Message +CMGR

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numberOf, tpduOctetsOf } from '../fields.js';
import type { StoredMessage } from './cmgl.js';

/** `undefined` where there is none at this index. */
export async function readMessage(channel: AtChannel, index: number): Promise<StoredMessage | undefined> {
  try {
    const [answer] = await channel.execute({ text: `AT+CMGR=${index}`, prefix: '+CMGR', hasPdu: true });
    if (answer?.pdu === undefined) return undefined;
    const { line, pdu } = answer;
    return { index, status: numberOf(fieldsOf(line)[0]) ?? 0, pdu, octets: tpduOctetsOf(line) };
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
