// What a server may cost a phone.

export const limits = {
  /** An answer that never ends would fill the memory. */
  answerOctets: 16 * 1024 * 1024,
  /** A server that accepts the connection and then says nothing would hold the phone for ever. */
  answerMs: 60_000,
  /** The same for a held Ping: so long after the heartbeat it should have ended with. */
  heartbeatGraceMs: 30_000,
  /** A Retry-After of years would stop the phone as well. */
  retryAfterMs: 60 * 60_000,
  /** Messages of which parts are missing; ever new ones would fill the memory. */
  waitingPushes: 20,
} as const;
