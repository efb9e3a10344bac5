// What one look outside may cost; each row names the attack it stops.

export const limits = {
  /** After its time, until the thread that makes a call is taken for stuck. Stops: a thread that never says a word again. */
  overdueMilliseconds: 2_000,
  /** Until that thread has come up, on a machine that has much else to do. Stops: the same, at its beginning. */
  threadStartMilliseconds: 30_000,
  /** Octets of an answer that are read. Stops: an answer without end that fills the memory. */
  answerOctets: 65_536,
  /** Octets of the header fields of an answer. Stops: the same, in its header. */
  answerHeaderOctets: 16_384,
  /** Until a connection stands, TLS included. Stops: a peer that lets everybody wait at the door. */
  connectMilliseconds: 10_000,
  /** For the peer's word on a client certificate. Stops: a peer that never gives one. */
  certificateVerdictMilliseconds: 500,
  /** Connections to one origin. Stops: a slow peer that takes all descriptors. */
  connectionsPerOrigin: 128,
  /** Origins with connections of their own. Stops: ever new addresses that fill the memory. */
  origins: 100,
  /** Of a Retry-After. Stops: `Retry-After: 99999999999`, which parks each text until it expires. */
  retryAfterSeconds: 86_400,
  /** For a program that a rule starts. Stops: one that never ends. */
  programMilliseconds: 30_000,
  /** Octets that it may say. Stops: output without end. */
  programOctets: 1_048_576,
  /** Octets of its last words that are kept. Stops: a column used as storage. */
  programWords: 500,
  /** For one statement of a rule, from the connection to the answer. Stops: a lock, or a join, without end. */
  statementMilliseconds: 10_000,
  /** Characters of a template. Stops: megabytes that are rendered for each text. */
  templateCharacters: 65_536,
} as const;
