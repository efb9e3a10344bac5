// What one submission may ask for, and what gateways may bring; each row names the attack it stops.

export const limits = {
  /** Numbers of one submission. Stops: a transaction that holds the only writer for seconds. */
  numbers: 1_000,
  /** Characters of the sender shown to the recipient. Stops: a column used as storage. */
  senderCharacters: 100,
  /** Octets of a binary message: more than 128 parts hold. Stops: a column used as storage. */
  dataOctets: 128 * 140,
  /** Values that pass on to the gateway, and the characters of all of them. Stops: URLs that no provider takes. */
  values: 20,
  valueCharacters: 2_000,
  /** Characters of what a request is called by its sender. Stops: an index used as storage. */
  keyCharacters: 255,
  /** Lifetime of a message. Stops: a queue that only grows. */
  expireMinutes: 366 * 24 * 60,
  /** Recipients of one mail. Stops: one mail that is sent to half the world. */
  mailRecipients: 500,
  /** Characters of a mail that are looked at for a text; 128 parts have half of them. Stops: megabytes cut to 160. */
  wordsCharacters: 40_000,
  /** Characters of a recipient's address. RFC 5321 4.5.3.1.3 Path. Stops: addresses that no mail server takes. */
  mailAddressCharacters: 254,
  /** How long a mail without ClientId, date and id is known again. Stops: a repeated request that sends it twice. */
  sameMailMilliseconds: 60 * 60 * 1000,
  /** Characters of what a gateway calls a text. Stops: reports used as storage. */
  referenceCharacters: 200,
  /** Characters of a gateway's reason. Stops: the same. */
  reasonCharacters: 500,
  /** Texts in the hands of bearers that an incoming text is held against. Stops: ten thousand that phones fetched and never confirm. */
  begunTexts: 1000,
  /** Characters of the number or word that an incoming text is from. Stops: a column used as storage. */
  peerCharacters: 100,
  /** Parts of one sender that wait for others; one message has 255 at most. Stops: beginnings of ever new messages. */
  waitingPartsPerSender: 600,
  /** Parts of all senders that wait. Stops: the same from ever new numbers. */
  waitingParts: 50_000,
  /** Octets of a binary message that its words in a mailbox show: all of 128 parts. Stops: an item used as storage. */
  octetsShown: 128 * 140,
  /** Pieces of an incoming text between `#`. Stops: a text of nothing else, each of them a look into the store. */
  hashes: 20,
  /** Times that a number is told that several may be meant, for each text that somebody sent to it. Stops: two machines that answer each other. */
  conflictTexts: 3,
  /** Headers of one webhook, and characters of each value. Stops: requests that no receiver takes. */
  webhookHeaders: 20,
  webhookHeaderCharacters: 2_000,
  /** Calls to one receiver at once. Stops: a slow receiver that takes all there are. */
  callsPerWebhook: 16,
  /** Until a receiver has answered. Stops: one that never does. */
  callMilliseconds: 15_000,
  /** Octets of a file with a list for rules. Stops: a file that fills the memory. */
  listFileOctets: 16_777_216,
  /** What rules bring about at once, and of each kind. Stops: one slow receiver that takes all there are. */
  effectsAtOnce: 16,
  effectsOfKindAtOnce: 6,
  /** Until an answer to what a rule calls is there. Stops: one that never comes. */
  ruleCallMilliseconds: 15_000,
  /** Folders of a mailbox that rules may make, how deep, and the characters of a name. Stops: rules that name folders by texts. */
  folders: 1_000,
  folderDepth: 10,
  folderNameCharacters: 100,
} as const;
