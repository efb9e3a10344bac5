// What one mail may cost to read; each row names the attack it stops.

export const limits = {
  /** Octets of a whole mail. Stops: a mail that is copied and decoded for seconds while every device waits. */
  mailOctets: 20 * 1024 * 1024,
  /** Lines of a mail; base64 of the largest has 270,000. Stops: millions of empty lines, each of which costs a turn. */
  lines: 300_000,
  /** Lines that may begin a part (`--…`). Stops: five octets on the wire that become a kilobyte of heap. */
  delimiterLines: 10_000,
  /** Multiparts within one another; mail programs need five. Stops: exhausting the stack of whoever walks the tree. */
  depth: 32,
  /** Octets of the headers of all parts. Stops: megabytes of parameters and encoded words that are decoded one by one. */
  headerOctets: 512 * 1024,
  /** Files of one mail. Stops: ten thousand empty attachments, each a row of the store. */
  attachments: 1_000,
  /** Characters of one address list. Stops: a list that is scanned for seconds. */
  addressListCharacters: 256 * 1024,
  /** Addresses of one list. Stops: one mail that is sent to half the world. */
  addresses: 2_000,
  /** Characters of one Message-ID, in brackets. Stops: an id that no line of a mail can hold. */
  messageIdCharacters: 900,
  /** Ids kept of References: the first and the last ones. Stops: a thread whose every answer is longer than the last. */
  references: 50,
  /** Characters of a file name. Stops: names that no file system takes. */
  nameCharacters: 255,
  /** Characters of HTML that become plain text. Stops: megabytes of tags for a preview of a few lines. */
  htmlCharacters: 1024 * 1024,
  /** Characters of what a mail server says of a recipient. Stops: pages that it writes into the sender's mailbox. */
  reasonCharacters: 500,
  /** Tags of HTML that become plain text. Stops: a page of line breaks that is laid out for seconds. */
  htmlTags: 20_000,
  /** Elements of HTML within one another; beyond it a page is its words alone. Stops: time that grows with the square. */
  htmlDepth: 100,
} as const;
