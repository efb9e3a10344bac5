// What everything in this room works with.

import type { Logger } from 'pino';
import type { OpenCaller } from '../hooks/http-call.js';
import type { MessageServices } from '../message/submit.js';

export interface GatewayServices extends MessageServices {
  readonly log: Logger;
  /** Where bearers keep files of their own; without it they keep none. */
  readonly dataDir?: string | undefined;
  /** What makes the requests of HTTP gateways; without it they are made in this thread. */
  readonly openCaller?: OpenCaller | undefined;
  /** From 0 to below 1; spreads retries. */
  readonly random?: () => number;
}
