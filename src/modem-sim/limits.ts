// What a peer on the line may cost the emulator; each row names the attack it stops.

export const limits = {
  /** Characters of a command line, or of what is typed at a prompt. Stops: a line without an end. */
  lineCharacters: 4_096,
  /** Octets that wait while a command runs; what comes after them is lost, as in a real buffer. Stops: a peer that never listens. */
  waitingInput: 65_536,
  /** Octets not yet read by the peer, above which the line is cut. Stops: a peer that asks and never reads. */
  unreadOutput: 8 * 1024 * 1024,
  /** Messages that one subscriber may have waiting in the service centre. Stops: a modem that is never switched on again. */
  waitingMessages: 100_000,
  /** Messages of which the network remembers that they were sent. Stops: a load test that runs for a week. */
  rememberedMessages: 200_000,
  /** Events that can still be asked for; half of them are forgotten at a time. Stops: the same. */
  rememberedEvents: 20_000,
  /** Faults switched on at once. Stops: a script in a loop. */
  faults: 100,
} as const;
