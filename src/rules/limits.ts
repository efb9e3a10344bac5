// What rules may cost; each row names the attack it stops.

export const limits = {
  /** Parameters behind a number. Stops: an address that is mostly a table. */
  parameters: 32,
} as const;
