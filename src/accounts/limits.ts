// What checking and writing accounts may cost; each row names the attack it stops.

export const limits = {
  /** Characters of a name to log in with. Stops: megabytes searched in an index. RFC 5321 4.5.3.1.3 Path */
  nameCharacters: 256,
  /** Octets of a password. Stops: megabytes that go into each hash. */
  passwordOctets: 1024,
  /** Hashes that run at once. Stops: wrong passwords that take every thread and 19 MiB each. */
  runningHashes: 4,
  /** Hashes that wait for their turn. Stops: a flood that makes every phone wait for minutes. */
  waitingHashes: 128,
  /** Verified credentials that are remembered. Stops: ever new spellings of one log-in that fill the memory. */
  rememberedCredentials: 20_000,
  /** How long they are. Stops: a stolen memory image that stays good; a store changed by another program. */
  rememberedForMilliseconds: 5 * 60_000,
  /** Rules of devices. Stops: a list that every new device is compared with for seconds. */
  deviceRules: 500,
  /** Characters of a rule's pattern. Stops: each character of a user agent compared thousands of times. */
  patternCharacters: 100,
  /** Names in a list of a policy. Stops: policies, all of them in memory, that fill it. */
  policyNames: 100,
  /** Characters of such a name. */
  policyNameCharacters: 200,
} as const;
