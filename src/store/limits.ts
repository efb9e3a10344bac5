// What one look into the store may cost; each row names the attack it stops.

export const limits = {
  /** Items that one search reads, newest first. Stops: words that are nowhere, looked for in a mailbox of years. */
  itemsSearched: 20_000,
  /** Items read before others have their turn. Stops: a search that holds up everybody's requests. */
  itemsSearchedAtOnce: 500,
  /** Users that one search reads. Stops: one letter that lists a domain of a hundred thousand. */
  usersSearched: 1000,
  /** Characters of items kept for the next device that reads them, and as many of pages of them; twice as many for a moment. Stops: mailboxes in memory. */
  recentItemsCharacters: 5_000_000,
  /** Characters of a text whose item is kept. Stops: the same, by long mails. */
  recentItemCharacters: 4096,
  /** Folders whose type is kept, likewise. Stops: the folders of all mailboxes held in memory. */
  recentFolders: 16_384,
  /** Devices whose collections are kept, likewise. Stops: the collections of all devices held in memory. */
  recentDevices: 16_384,
  /** Mailboxes whose default folders and elected phones are kept, likewise. Stops: those of all users held in memory. */
  recentMailboxes: 16_384,
  /** Secrets that are kept opened in memory. Stops: a decipherment for every look at a gateway; an endless list. */
  openedSecrets: 2_000,
  /** Counters of texts that are known to be of this month. Stops: one entry for every user there ever was. */
  recentCounters: 10_000,
} as const;
