// What one short message and its addresses may cost; each row names the attack it stops.

export const limits = {
  /** Parts of one message. Stops: one request that spends a month's money and holds the only modem for an hour. */
  parts: 128,
  /** Characters of one To or From, as MS-ASEMAIL 2.2.2.79 To has it. Stops: an address list that is scanned and stored for seconds. */
  addressCharacters: 32_768,
  /** Addresses of one To; a full value in the written form holds about 800. Stops: `1,1,1,…` becoming 16,000 messages. */
  recipients: 1_000,
  /** Characters of a number before cleaning. Stops: megabytes of brackets and dashes copied to find two digits. */
  writtenNumberCharacters: 100,
  /** Parameters of an `sms:` URI. Stops: an address that is mostly a table. */
  uriParameters: 32,
  /** Numbers whose international form is remembered. Stops: ever new numbers that fill the memory. */
  rememberedNumbers: 10_000,
  /** Octets of a PDU, padding of a SIM's record included; the longest TPDU has 176. Stops: a modem that sends lines without an end. */
  pduOctets: 512,
} as const;
