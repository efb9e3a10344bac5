// What a mail program or mail server may ask of us; each row names the attack it stops.

import { limits as mailLimits } from '../mail/limits.js';
import { limits as messageLimits } from '../message/limits.js';

export const limits = {
  /** SIZE: octets of one mail. RFC 1870. Stops: a mail that fills the memory. */
  mailOctets: mailLimits.mailOctets,
  /** Octets of all mails that are on their way in. Stops: a hundred large ones at once that fill it together. */
  octetsAtOnce: 4 * mailLimits.mailOctets,
  /** Recipients of one mail. RFC 5321 4.5.3.1.8 asks for 100 at least. Stops: one mail that is sent to half the world. */
  recipients: messageLimits.mailRecipients,
  /** Characters of a recipient that has parameters. Stops: a line that is decoded for nothing. */
  recipientCharacters: 2_000,
  /** Connections in all, and from one address that is not trusted. Stops: taking every descriptor there is. */
  connections: 1_000,
  connectionsPerAddress: 100,
  /** Silence of a peer. RFC 5321 4.5.3.2.7. Stops: connections that are never used. */
  idleMilliseconds: 5 * 60_000,
  /** From DATA to the last dot. Stops: a mail that comes octet by octet for days. */
  dataMilliseconds: 10 * 60_000,
  /** Mail servers that a mail went through. RFC 5321 6.3 Loop Detection. Stops: a mail that runs in a circle. */
  hops: 50,
  /** Wrong passwords of one connection. Stops: guessing without a new connection each time. */
  wrongPasswords: 10,
} as const;
