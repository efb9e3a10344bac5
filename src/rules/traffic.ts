// A message as rules see it: one text to one recipient, whatever carries it.

import type { Direction } from './rule.js';

export interface TrafficMessage {
  readonly direction: Direction;
  readonly id?: string | undefined;
  /** Outgoing: the sending user's address, or the number that was asked for. Incoming: the number as it came. */
  readonly from: string;
  /** Incoming: the address that the gateway makes of it, `sms:+15551234567@example.org`. */
  readonly fromAddress?: string | undefined;
  /** Outgoing: `number[@gatewayId][&name=value…]`. Incoming: the number it was sent to, or empty. */
  readonly to: string;
  readonly subject: string;
  /** Of a binary message, its data in base64. */
  readonly body: string;
  /** Besides From, To and Subject, which are the fields above. */
  readonly headers: readonly Header[];
  /** The local user who sends. */
  readonly sender?: Sender | undefined;
  readonly isAuthenticated: boolean;
  /** Outgoing: what the request, the account or the user's settings ask for. Incoming: the one that brought it. */
  readonly gateway?: string | undefined;
  readonly encoding: Encoding;
  readonly octets: number;
  readonly parts: number;
  /** 1 is the highest, 5 the lowest. */
  readonly priority?: number | undefined;
  /** How many forwards, copies and sends by rules led to this message. */
  readonly hops: number;
}

export type Encoding = 'gsm7' | 'unicode' | 'binary';

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface Sender {
  /** Mail address. */
  readonly address: string;
  readonly domain: string;
  readonly displayName?: string | undefined;
  /** The user's phone number: `%sender_phonealias%`. */
  readonly phoneNumber?: string | undefined;
  /** Names of the groups that the user is a member of. */
  readonly groups: readonly string[];
}
