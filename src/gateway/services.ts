// What everything in this room works with.

import type { Logger } from 'pino';
import type { MessageServices } from '../message/submit.js';

export interface GatewayServices extends MessageServices {
  readonly log: Logger;
  /** From 0 to below 1; spreads retries. */
  readonly random?: () => number;
}
