// What everything in this room works with.

import type { Logger } from 'pino';
import type { MessageServices } from '../message/submit.js';

export interface GatewayServices extends MessageServices {
  readonly log: Logger;
  /** Where bearers keep files of their own; without it they keep none. */
  readonly dataDir?: string | undefined;
  /** From 0 to below 1; spreads retries. */
  readonly random?: () => number;
}
