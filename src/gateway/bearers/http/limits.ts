// What one gateway over HTTP may ask for; each row names the attack it stops.

export const limits = {
  /** Characters of an answer that patterns look at. Stops: an answer of megabytes that is searched for each text. */
  answerCharacters: 4_096,
  /** Characters of what a provider calls a text. Stops: pages that are kept for each text and never found again. */
  referenceCharacters: 200,
  /** Characters of a pattern. Stops: a pattern whose program fills the memory. */
  patternCharacters: 1_000,
  /** Header fields of a request. Stops: a request that no server reads. */
  headers: 50,
  /** Octets of a certificate file. Stops: a path that leads to something else than a certificate. */
  certificateOctets: 100_000,
  /** Stops: a provider that keeps a text under way for hours. */
  timeoutSeconds: 600,
  /** Messages at a time. Stops: a gateway that takes all descriptors. */
  concurrency: 128,
} as const;
