// What one submission may ask for; each row names the attack it stops.

export const limits = {
  /** Numbers of one submission. Stops: a transaction that holds the only writer for seconds. */
  numbers: 1_000,
  /** Characters of the sender shown to the recipient. Stops: a column used as storage. */
  senderCharacters: 100,
  /** Lifetime of a message. Stops: a queue that only grows. */
  expireMinutes: 366 * 24 * 60,
} as const;
