// What a webhook may hold, beside the size of its body; each row names the attack it stops.

export const limits = {
  /** Parameters of a query, a form or an object. Stops: `a&a&a…` split into a hundred thousand strings. */
  fields: 300,
  /** Texts or reports of one webhook. Stops: one request that keeps the store busy for minutes. */
  items: 1_000,
  /** How far the clock of a provider may be off. Stops: a webhook that was overheard and is sent again later. */
  clockSkewMilliseconds: 5 * 60_000,
  /** The same where a provider repeats a webhook with the time of its first attempt. */
  repeatMilliseconds: 25 * 3_600_000,
  /** Characters of what a provider gives as reason. Stops: pages in a mail to the sender. */
  reasonCharacters: 200,
  /** Characters of a token in a header. Stops: claims of megabytes that are hashed and parsed. */
  tokenCharacters: 8_192,
} as const;
