// TS 27.005 3.4.2 List Messages +CMGL, 3.4.3 Read Message +CMGR: what one of them tells of a stored message

import type { AtChannel } from '../channel.js';
import { ModemError } from '../errors.js';
import { fieldsOf, numberOf, tpduOctetsOf } from '../fields.js';

export interface StoredMessage {
  index: number;
  /** 0 and 1 were received; 2 and 3 are somebody's drafts and what was sent. TS 27.005 3.1 <stat> */
  status: number;
  /** In hexadecimal; absent where it did not come. */
  pdu: string | undefined;
  /** Of the TPDU. */
  octets: number | undefined;
}

const everyStatus = 4;
/** A full memory of a slow modem. */
const listTimeoutMilliseconds = 30_000;
const invalidIndex = 321;

/** Everything in the memory that is selected. */
export async function listMessages(channel: AtChannel): Promise<StoredMessage[]> {
  try {
    const answer = await channel.execute({
      text: `AT+CMGL=${everyStatus}`,
      prefix: '+CMGL',
      hasPdu: true,
      timeoutMilliseconds: listTimeoutMilliseconds,
    });
    return answer.flatMap(({ line, pdu }) => {
      const [index, status] = fieldsOf(line).map(numberOf);
      return index === undefined ? [] : [{ index, status: status ?? 0, pdu, octets: tpduOctetsOf(line) }];
    });
  } catch (error) {
    // So do some say that there is none.
    if (error instanceof ModemError && error.number === invalidIndex) return [];
    throw error;
  }
}
