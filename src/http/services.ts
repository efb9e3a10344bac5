// What the HTTP room is given by the server that starts it.

import type { Logger } from 'pino';
import type { Credentials } from '../accounts/credentials.js';
import type { LineFinding } from '../gateway/bearer.js';
import type { GatewayHealth } from '../gateway/health.js';
import type { Store } from '../store/open.js';
import type { Metrics } from './metrics.js';
import type { TrustedNetworks } from './trusted-networks.js';

export interface HttpServices {
  store: Store;
  credentials: Credentials;
  now: () => number;
  /** Ids that grow with time. */
  newId: () => string;
  log: Logger;
  adminToken: string;
  /** Who may say `authenticated=1`; nobody where it is not given. */
  trustedNetworks?: TrustedNetworks;
  /** Where others reach this server, such as https://sms.example.com; else the Host they ask. */
  publicUrl?: string | undefined;
  /** Requests of phones that are held open now. */
  held?: () => number;
  /** What dispatch noted of each gateway. */
  health?: GatewayHealth;
  /** A code such as *100# through the modem of a gateway. Throws LineError. */
  dialUssd?: (gateway: string, code: string) => Promise<{ text: string; expectsReply: boolean }>;
  /** How the modem of a gateway is. Throws LineError. */
  examineModem?: (gateway: string) => Promise<LineFinding[]>;
  /** How the server itself is. */
  examineServer?: () => Promise<LineFinding[]>;
  /** Shared with the rooms that count; made where it is not given. */
  metrics?: Metrics;
  /** True from the moment the server begins to stop: it is then no longer ready. */
  isStopping?: () => boolean;
}
