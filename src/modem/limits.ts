// What a modem may cost us; each row names the fault it stops.

export const limits = {
  /** Octets of one line. Stops: a line without end, or a device that is no modem, filling the memory. */
  lineOctets: 8_192,
  /** Lines of one answer. Stops: a modem that lists the same messages for ever. */
  answerLines: 4_096,
  /** Lines of one network message in quotes. Stops: a quote that is never closed swallowing what follows. */
  quotedLines: 32,
  /** Lines kept for the log of a failure. */
  lastLines: 8,
  /** Messages of one memory, by the modem's word. Stops: an index without end. */
  storedMessages: 2_000,
  /** Devices that are asked whether they are the modem that went away. */
  candidates: 32,
} as const;
