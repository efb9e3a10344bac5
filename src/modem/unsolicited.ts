// Lines that a modem sends without being asked, also in the middle of an answer.
// TS 27.005 3.4.1 New Message Indications to TE +CNMI; TS 27.007 7.2 +CREG, 7.15 +CUSD, 6.11 +CRC; V.250 6.2.6 RING

export interface Unsolicited {
  /** As it begins: `+CMTI`, `RING`. */
  name: string;
  line: string;
  /** In hexadecimal; of those that bring a PDU. */
  pdu?: string;
}

interface Kind {
  readonly pattern: RegExp;
  /** A line with a PDU follows. */
  readonly hasPdu?: boolean;
  /** Its text is in quotes and may have several lines. */
  readonly isQuoted?: boolean;
  /** Told apart from the answer to a question of the same name. */
  readonly isAnswer?: (line: string) => boolean;
}

// +CREG: 2,1 and +CREG: 2,1,"00C3","1A2B" answer; +CREG: 1 and +CREG: 1,"00C3","1A2B" come by themselves.
const isRegistrationAnswer = (line: string): boolean => /:\s*\d+\s*,\s*\d+\s*(,|$)/.test(line);

const kinds: readonly Kind[] = [
  { pattern: /^\+CMTI\s*:/ },
  { pattern: /^\+CDSI\s*:/ },
  { pattern: /^\+CMT\s*:/, hasPdu: true },
  { pattern: /^\+CDS\s*:/, hasPdu: true },
  { pattern: /^\+CBM\s*:/, hasPdu: true },
  { pattern: /^\+CUSD\s*:/, isQuoted: true },
  { pattern: /^\+C(E|G)?REG\s*:/, isAnswer: isRegistrationAnswer },
  { pattern: /^RING$/ },
  { pattern: /^\+(CRING|CLIP|CCWA|COLP|CDIP)\s*:/ },
  { pattern: /^NO CARRIER$/ },
  { pattern: /^\+CIEV\s*:/ },
  { pattern: /^\+CTZ[VE]\s*:/ },
  { pattern: /^\+ST(IN|C|N)\s*:/ },
  { pattern: /^\+PBREADY$/ },
  { pattern: /^\+SIND\s*:/ },
  { pattern: /^\*PSUTTZ\s*:/ },
  {
    pattern:
      /^\^(BOOT|RSSI|HCSQ|MODE|SRVST|SIMST|STIN|SMMEMFULL|CSNR|DSFLOWRPT|CONN|CEND|ORIG|CONF|SYSSTART|SCKS|EARLY)\b/,
  },
  { pattern: /^(Call Ready|SMS Ready|RDY|NORMAL POWER DOWN|UNDER-VOLTAGE WARNING|OVER-VOLTAGE WARNING)/i },
];

/** Whoever is asked with this prefix answers with it: `+CREG`, and never with a message that came meanwhile. */
export function kindOf(line: string, askedPrefix: string | undefined): Kind | undefined {
  const kind = kinds.find(({ pattern }) => pattern.test(line));
  if (!kind || askedPrefix === undefined || !hasPrefix(line, askedPrefix)) return kind;
  return kind.isAnswer?.(line) === false ? kind : undefined;
}

/** `+CSQ: 20` and `+CSQ:20` have the prefix `+CSQ`; `+CSQX: 1` has not. */
export function hasPrefix(line: string, prefix: string): boolean {
  return line.startsWith(prefix) && !/^[A-Za-z0-9]/.test(line.slice(prefix.length));
}

/** The modem started anew, and has forgotten what it was told. */
export function isRestart({ name }: Pick<Unsolicited, 'name'>): boolean {
  return ['RDY', '^SYSSTART', 'NORMAL POWER DOWN'].includes(name);
}

export function nameOf(line: string): string {
  return /^[+^*][A-Za-z]+/.exec(line)?.[0] ?? line;
}
