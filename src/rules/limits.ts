// What rules may cost; each row names the attack or the mistake it stops.

export const limits = {
  /** Rules of one direction. Stops: a list that takes longer to try than a text takes to send. */
  rules: 5_000,
  /** Conditions of a rule, those in groups included. Stops: one rule that hides a list. */
  conditions: 200,
  /** Groups within groups. Stops: a document that overflows the stack. */
  depth: 8,
  actions: 50,
  /** Characters of a title. Stops: a log line that is a book. */
  titleCharacters: 200,
  /** Characters of a value, a template, a statement or an address. Stops: the store filled through one rule. */
  valueCharacters: 8_192,
  /** Entries of a list in the rule itself; a file may hold more. */
  inlineEntries: 10_000,
  /** Characters of a list file. Stops: a device or a log named as list, read until the memory is full. */
  listFileCharacters: 4_194_304,
  /** Entries of a list file. */
  listEntries: 200_000,
  /** Characters of all entries that a text is searched for. Stops: a search tree larger than the memory. */
  soughtCharacters: 262_144,
  /** Characters of a text that patterns see at most (D14). Stops: one long text that is worth a hundred. */
  patternText: 4_096,
  /** Characters of a pattern as written. Stops: minutes in the compiler. */
  patternCharacters: 2_000,
  /** Steps of one compiled pattern. Stops: `(a{0,999}){0,999}`. */
  patternSize: 512,
  /**
   * Size times characters that one search may take; larger patterns see fewer characters. Stops: a pattern and a text that
   * hold up everybody's messages: at 30 to 70 ns for each step this is 2 to 5 ms.
   */
  patternWork: 65_536,
  /** The same for all patterns of a list together. Stops: what no single pattern does, done by a thousand. */
  messageWork: 4_194_304,
  /** Of all patterns of a list, so that each still sees 256 characters. */
  allPatternsSize: 16_384,
  /** Octets of states that a pattern remembers. Stops: patterns whose states are as many as the text has characters. */
  patternStates: 8_192,
  /** Characters of From, To, Subject or another header after an edit. Stops: `$1$1` in a hundred rules. */
  headerCharacters: 8_192,
  headers: 100,
  /** Characters of a text, an argument or a parameter after variables are filled in. */
  filledCharacters: 65_536,
  /** Characters of a URL after variables are filled in. Stops: requests that every server refuses. */
  urlCharacters: 32_768,
  /** What one message may set going. Stops: a list of rules that makes a thousand messages of each. */
  effects: 100,
  /** Addresses of one action. */
  addresses: 100,
  /** Messages made by rules of messages made by rules. Stops: two servers that forward to each other for ever. */
  hops: 8,
  /** Parameters behind a number. Stops: an address that is mostly a table. */
  parameters: 32,
  /** Characters of an XML document. Stops: an import that fills the memory. */
  xmlCharacters: 8_388_608,
} as const;
