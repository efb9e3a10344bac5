// SmartForward: a mail or a text to somebody else; the server adds it and its attachments.
// MS-ASCMD 2.2.1.19 SmartForward

import type { Exchange } from '../exchange.js';
import { answerOriginal } from './answer-original.js';

/** Accepted is an answer without body. */
export async function smartForward(exchange: Exchange): Promise<undefined> {
  await answerOriginal(exchange, 'SmartForward');
}
