// One request of one device, as the commands see it.

import type { Logger } from 'pino';
import type { Credentials } from '../accounts/credentials.js';
import type { Store } from '../store/open.js';
import type { Device, User } from '../store/tables.js';
import type { Element } from '../wbxml/element.js';
import type { SyncMemory } from './commands/sync/memory.js';
import type { DevicePolicies } from './device-policies.js';
import type { Hold } from './holds.js';
import type { ProtocolVersion } from './versions.js';

export interface EasServices {
  store: Store;
  credentials: Credentials;
  log: Logger;
  now: () => number;
  /** A policy key that nobody can guess: 1 to 2^31-1. */
  newPolicyKey: () => number;
  /** Counts an answered request. */
  observe: (command: string, status: string) => void;
}

export interface Exchange {
  services: EasServices;
  user: User;
  device: Device;
  version: ProtocolVersion;
  /** Absent where the request had no body. */
  body: Element | undefined;
  /** What the header User-Agent says. */
  userAgent: string | undefined;
  memory: SyncMemory;
  policies: DevicePolicies;
  now: number;
}

/** The root element, `undefined` for an answer without body, or a hold that answers later. */
export type Answer = Element | undefined | Hold;
