// What a push message may cost; each row names the attack it stops.

export const limits = {
  /** Octets of a message, as many as 128 parts hold. Stops: a document that is encoded and then refused as too long. */
  octets: 128 * 128,
  /** Characters of a document written as XML. Stops: parsing what is refused afterwards. */
  documentCharacters: 64 * 1024,
  /** Entries of a list among the parameters. Stops: a document made of one short request. */
  listEntries: 50,
  /** Characters of one parameter. Stops: a column used as storage. */
  parameterCharacters: 2_000,
} as const;
