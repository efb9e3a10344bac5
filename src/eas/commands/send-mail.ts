// SendMail: a mail that is complete.
// MS-ASCMD 2.2.1.17 SendMail

import type { Exchange } from '../exchange.js';
import { readComposeRequest } from './compose-request.js';
import { submitComposed } from './compose-submission.js';

/** Accepted is an answer without body. */
export async function sendMail(exchange: Exchange): Promise<undefined> {
  const { mime: octets, saveInSent, request } = readComposeRequest(exchange, 'SendMail');
  await submitComposed(exchange, { octets, saveInSent, request });
}
