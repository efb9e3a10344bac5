// What one submission may ask for, and what gateways may bring; each row names the attack it stops.

export const limits = {
  /** Numbers of one submission. Stops: a transaction that holds the only writer for seconds. */
  numbers: 1_000,
  /** Characters of the sender shown to the recipient. Stops: a column used as storage. */
  senderCharacters: 100,
  /** Lifetime of a message. Stops: a queue that only grows. */
  expireMinutes: 366 * 24 * 60,
  /** Recipients of one mail. Stops: one mail that is sent to half the world. */
  mailRecipients: 500,
  /** Characters of a recipient's address. RFC 5321 4.5.3.1.3 Path. Stops: addresses that no mail server takes. */
  mailAddressCharacters: 254,
  /** How long a mail without ClientId, date and id is known again. Stops: a repeated request that sends it twice. */
  sameMailMilliseconds: 60 * 60 * 1000,
  /** Characters of the number or word that an incoming text is from. Stops: a column used as storage. */
  peerCharacters: 100,
  /** Characters of what a gateway calls an incoming text. Stops: an index of whole documents. */
  referenceCharacters: 256,
  /** Parts of one sender that wait for others; one message has 255 at most. Stops: beginnings of ever new messages. */
  waitingPartsPerSender: 600,
  /** Parts of all senders that wait. Stops: the same from ever new numbers. */
  waitingParts: 50_000,
  /** Octets of a binary message that its words in a mailbox show. Stops: pages of hex on a phone. */
  octetsShown: 140,
} as const;
