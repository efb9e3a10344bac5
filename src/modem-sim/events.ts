// What happens to an emulated modem, as `easms modem-sim --json` prints it.

import type { MemoryName } from './memories.js';

export type SimEvent =
  /** Somebody opened the line, or closed it. */
  | { event: 'connected' }
  | { event: 'disconnected' }
  /** Switched on, or on again after a restart. */
  | { event: 'powered' }
  | { event: 'unplugged' }
  | { event: 'plugged'; listen: string }
  /** The network accepted a message, or a part of one: TP-MR, and the text or the octets in hexadecimal digits. */
  | { event: 'sent'; to: string; reference: number; reportWanted: boolean; part?: Part; text?: string; data?: string }
  /** A message was refused, with the number of the error where it has one. */
  | { event: 'refused'; to?: string; error: string }
  | { event: 'received'; from: string; where: Place; part?: Part; text?: string; data?: string }
  /** A status report about a message sent before: TP-ST. */
  | { event: 'report'; to: string; reference: number; status: number; where: Place }
  | { event: 'ringing'; from: string }
  | { event: 'hung-up' }
  | { event: 'ussd'; code: string }
  | { event: 'fault'; name: string; command?: string }
  /** A line of the dialogue; told only where it is asked for. */
  | { event: 'line'; from: 'modem' | 'peer'; text: string };

export interface Part {
  reference: number;
  total: number;
  part: number;
}

/** In a memory, or given to whoever listens without storing it. */
export type Place = { memory: MemoryName; index: number } | 'line';
