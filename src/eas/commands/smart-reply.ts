// SmartReply: an answer to a mail or a text; the server adds what is answered.
// MS-ASCMD 2.2.1.20 SmartReply

import type { Exchange } from '../exchange.js';
import { answerOriginal } from './answer-original.js';

/** Accepted is an answer without body. */
export async function smartReply(exchange: Exchange): Promise<undefined> {
  await answerOriginal(exchange, 'SmartReply');
}
