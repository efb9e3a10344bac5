// What checking and writing accounts may cost; each row names the attack it stops.

export const limits = {
  /** Characters of a name to log in with. Stops: megabytes searched in an index. RFC 5321 4.5.3.1.3 Path */
  nameCharacters: 256,
  /** Characters of an address that mail goes on to. RFC 5321 4.5.3.1.3 Path. Stops: addresses that no mail server takes. */
  mailAddressCharacters: 254,
  /** Octets of a password. Stops: megabytes that go into each hash. */
  passwordOctets: 1024,
  /** Hashes that run at once. Stops: wrong passwords that take every thread and 19 MiB each. */
  runningHashes: 4,
  /** Hashes that wait for their turn. Stops: a flood that makes every phone wait for minutes. */
  waitingHashes: 128,
  /** Logins that another server checks at once, and that wait for their turn. Stops: one that is slow and takes all there is. */
  runningLogins: 32,
  waitingLogins: 256,
  /** Until another server has answered a login. Stops: one that never does. */
  loginMilliseconds: 10_000,
  /** Octets of one line of another server's answer. Stops: one that never ends it. */
  answerOctets: 64 * 1024,
  /** Wrong passwords that one guesser has, and after how long one more. Stops: a dictionary from one address. */
  wrongOfPair: { burst: 10, secondsEach: 30 },
  /** The same for one name from everywhere. Stops: a dictionary from a thousand addresses. */
  wrongOfName: { burst: 30, secondsEach: 60 },
  /** The same for one address and every name. Stops: one password tried on everybody. */
  wrongOfAddress: { burst: 300, secondsEach: 2 },
  /** The same wrong password again, which guesses nothing. Stops: an old phone that asks for ever. */
  wrongOfCredentials: { burst: 20, secondsEach: 30 },
  /** Names and addresses with wrong passwords that are remembered. Stops: ever new names that fill the memory. */
  rememberedWrong: 100_000,
  /** Credentials that were right once and are let through when others are locked out. */
  knownCredentials: 50_000,
  /** Places from which a name was right before, the latest, that are kept. Stops: one who knows a password and fills the disk. */
  familiarPlaces: 20,
  /** How often such a place is written again. Stops: a commit for each login. */
  familiarNotedMilliseconds: 24 * 60 * 60_000,
  /** Places that are known to be written. Stops: ever new ones that fill the memory. */
  familiarNoted: 50_000,
  /** Senders, devices and addresses whose requests of a minute are counted. Stops: ever new ones that fill the memory. */
  rateBuckets: 100_000,
  /** Verified credentials that are remembered. Stops: ever new spellings of one log-in that fill the memory. */
  rememberedCredentials: 20_000,
  /** How long they are. Stops: a stolen memory image that stays good; a store changed by another program. */
  rememberedForMilliseconds: 5 * 60_000,
  /** Members of an SMS account or a group. Stops: an index of all of them that fills the memory. */
  groupMembers: 10_000,
  /** Rules of devices. Stops: a list that every new device is compared with for seconds. */
  deviceRules: 500,
  /** Characters of a rule's pattern. Stops: each character of a user agent compared thousands of times. */
  patternCharacters: 100,
  /** Names in a list of a policy. Stops: policies, all of them in memory, that fill it. */
  policyNames: 100,
  /** Characters of such a name. */
  policyNameCharacters: 200,
} as const;
