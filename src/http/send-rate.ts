// How often one sender may send, where the settings bound it.

import type { Terms } from '../accounts/decide.js';
import type { HttpServices } from './services.js';

/** By the SMS account, else the user. Throws AccountError RATE_EXCEEDED. */
export function countSends({ credentials }: Pick<HttpServices, 'credentials'>, { charges }: Terms): void {
  const sender = charges[0]?.counter;
  if (sender !== undefined) credentials.rates.countSend(sender);
}
