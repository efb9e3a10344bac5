// TS 27.005 4.3 Send Message +CMGS, in PDU mode

import type { AtChannel } from '../channel.js';
import { ModemError } from '../errors.js';
import { fieldsOf, numberOf } from '../fields.js';

export interface Submission {
  /** A SUBMIT TPDU, in octets. */
  tpdu: Uint8Array;
  /** After Ctrl-Z. */
  timeoutMilliseconds: number;
}

/** The service centre that the SIM knows. TS 27.005 3.1 <pdu> */
const ofTheSim = '00';

/** What the modem calls it: TP-MR. Throws ModemError, NO_OUTCOME where it may have been sent. */
export async function sendMessage(channel: AtChannel, { tpdu, timeoutMilliseconds }: Submission): Promise<number> {
  const pdu = ofTheSim + Buffer.from(tpdu.buffer, tpdu.byteOffset, tpdu.byteLength).toString('hex').toUpperCase();
  // The length is that of the TPDU alone: with another one a modem refuses, or waits for ever.
  const [answer] = await channel.execute({
    text: `AT+CMGS=${tpdu.length}`,
    prefix: '+CMGS',
    pdu,
    timeoutMilliseconds,
  });
  const reference = answer && referenceOf(answer.line);
  if (reference === undefined) throw new ModemError('NO_OUTCOME', { command: 'AT+CMGS', hasRead: true });
  return reference;
}

/** Of `+CMGS: 12`, with or without what follows. */
export function referenceOf(line: string): number | undefined {
  return numberOf(fieldsOf(line)[0]);
}
