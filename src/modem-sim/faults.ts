// What an emulated modem does wrong when it is asked to. docs/modem-sim.md says the same to people; a test compares them.

export interface FaultKind {
  /** What happens, as `--fault list` prints it. */
  readonly what: string;
  /** The command it waits for where `on` does not say; none: any command, or no command at all. */
  readonly on?: string;
  /** Values of its own and what they are where nobody gives them. */
  readonly values?: Readonly<Record<string, number>>;
}

const framing = {
  'echo-on': { what: 'the echo stays on: ATE0 is answered OK and changes nothing' },
  'echo-off': { what: 'nothing is echoed: ATE1 is answered OK and changes nothing' },
  'echo-urc': { what: 'an unsolicited result stands in the middle of the echo' },
  'split-lines': { what: 'every octet arrives by itself', values: { octets: 1 } },
  'glued-lines': { what: 'lines are glued: no empty line before answers, and what follows comes in the same piece' },
  'cr-only': { what: 'lines end with CR and no LF' },
  'lf-only': { what: 'lines end with LF and no CR' },
  'no-space': { what: 'no space behind the colon: +CMS ERROR:321' },
  'bare-prompt': { what: 'the prompt is > without a space' },
  noise: { what: 'octets that mean nothing stand between the lines' },
  'urc-in-answers': { what: 'unsolicited results stand inside answers, before the final result' },
  'error-and-ok': { what: 'ERROR is followed by OK', on: 'CMGR' },
  'missing-final': { what: 'the answer ends without OK or ERROR' },
  'late-answers': { what: 'answers come late; the modem takes the next command meanwhile', values: { ms: 1000 } },
} satisfies Record<string, FaultKind>;

const life = {
  hang: { what: 'nothing is answered any more until the power is cut or the line opened anew' },
  dead: { what: 'nothing is answered any more until the power is cut; to open the line anew does not help' },
  unplug: {
    what: 'the modem is pulled out in place of an answer, and plugged in again after ms (0: never)',
    values: { ms: 0 },
  },
  restart: { what: 'the modem restarts in place of an answer: settings lost, PIN wanted again' },
  'cme-NNN': { what: '+CME ERROR: NNN, on any command unless `on` names one' },
  'cms-NNN': { what: '+CMS ERROR: NNN, of a message that is not taken, or of the command that `on` names', on: 'CMGS' },
  error: { what: 'ERROR without a number, on any command unless `on` names one' },
} satisfies Record<string, FaultKind>;

const sending = {
  'missing-prompt': { what: 'no prompt is shown; ESC is still heard', on: 'CMGS' },
  'late-prompt': { what: 'the prompt comes late', on: 'CMGS', values: { ms: 3000 } },
  'wrong-length-waits': { what: 'a length that does not fit the PDU is never answered', on: 'CMGS' },
  'hang-after-ctrl-z': { what: 'the network has the message, and nothing is answered any more', on: 'CMGS' },
  'silent-after-ctrl-z': {
    what: 'the network has the message, its answer never comes; the next command is answered',
    on: 'CMGS',
  },
  'late-after-ctrl-z': { what: 'the network has the message, +CMGS comes late', on: 'CMGS', values: { ms: 5000 } },
  'lost-after-ctrl-z': { what: 'the network never sees the message, and nothing is answered', on: 'CMGS' },
  'unplug-after-ctrl-z': {
    what: 'the network has the message, and the modem is pulled out',
    on: 'CMGS',
    values: { ms: 0 },
  },
  'taken-cms-NNN': { what: 'the network has the message, and the answer is +CMS ERROR: NNN all the same', on: 'CMGS' },
  'mr-zero': { what: 'TP-MR is always 0', on: 'CMGS' },
  'no-smsc': { what: 'the SIM knows no service centre: +CMS ERROR: 330 until +CSCA sets one' },
} satisfies Record<string, FaultKind>;

const reports = {
  'no-report': { what: 'a status report that was asked for never comes' },
  'report-before-answer': { what: 'the status report comes before the answer to +CMGS' },
  'report-late': { what: 'the status report comes late', values: { ms: 60_000 } },
  'report-twice': { what: 'the same status report comes twice' },
  'report-temporary': { what: 'a status report "still trying" comes before the final one', values: { status: 0x30 } },
  'report-failed': { what: 'the status report says that it was not delivered', values: { status: 0x46 } },
  'report-national': { what: 'the status report has the recipient in national form' },
  'reports-reversed': { what: 'a status report waits for the next one and comes behind it' },
} satisfies Record<string, FaultKind>;

const receiving = {
  'deliver-twice': { what: 'an incoming message comes twice' },
  'deliver-late': { what: 'an incoming message comes late', values: { ms: 60_000 } },
  'parts-reversed': { what: 'an incoming part waits for the next one and comes behind it' },
  'part-missing': { what: 'an incoming part gets lost' },
  'no-cmti': { what: 'an incoming message is stored and nobody is told' },
  'cmti-other-memory': { what: 'an incoming message is stored in another memory than +CPMS asks for' },
  'memory-full': { what: 'no memory has room, and nobody is told' },
  'index-jumps': { what: 'a stored message leaves indexes free before it', values: { by: 5 } },
  'bad-pdu': { what: 'a stored PDU is read back cut in the middle', on: 'CMGR' },
  'cmgl-stalls': { what: 'the list of messages stops in the middle and never ends', on: 'CMGL' },
  'cnmi-lost': { what: 'the modem forgets +CNMI and tells nothing any more' },
} satisfies Record<string, FaultKind>;

const card = {
  'sim-missing': { what: 'no SIM is inserted' },
  'sim-busy': { what: 'the SIM is busy: +CME ERROR: 14, +CMS ERROR: 314' },
  'sim-failure': { what: 'the SIM fails: +CME ERROR: 13, +CMS ERROR: 313' },
  'sim-puk': { what: 'the SIM wants its PUK' },
  'cpin-quoted': { what: '+CPIN: "READY" with quotes', on: 'CPIN' },
  searching: { what: 'the modem searches for a network and has none' },
  denied: { what: 'the network denies registration' },
  roaming: { what: 'registered in a foreign network: +CREG: 0,5' },
  'sms-only': { what: 'registered for SMS only: +CREG: 0,6' },
  'no-signal': { what: '+CSQ: 99,99', on: 'CSQ' },
  'ussd-late': { what: 'the answer to +CUSD comes late', values: { ms: 10_000 } },
  'ussd-silent': { what: 'the answer to +CUSD never comes' },
} satisfies Record<string, FaultKind>;

/** By the area they strike, in the order of the documentation. NNN is a number. */
export const faultGroups: Readonly<Record<string, Readonly<Record<string, FaultKind>>>> = {
  'lines and answers': framing,
  'the whole modem': life,
  sending,
  'status reports': reports,
  receiving,
  'SIM and network': card,
};

export type FixedFault =
  | keyof typeof framing
  | Exclude<keyof typeof life, 'cme-NNN' | 'cms-NNN'>
  | Exclude<keyof typeof sending, 'taken-cms-NNN'>
  | keyof typeof reports
  | keyof typeof receiving
  | keyof typeof card;

export type NumberedFault = 'cme' | 'cms' | 'taken-cms';

const kinds: ReadonlyMap<string, FaultKind> = new Map(Object.values(faultGroups).flatMap(Object.entries));

/** `cms-500` is of the kind `cms-NNN`; `undefined` where there is none of this name. */
export function kindOf(name: string): FaultKind | undefined {
  return kinds.get(name) ?? kinds.get(name.replace(/-\d{1,3}$/, '-NNN'));
}
