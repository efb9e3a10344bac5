// What goes wrong between us and a modem. Nothing here repeats a number or a text: of a command only its name is kept.

export const modemErrors = {
  NOT_OPENED: 'the port of the modem cannot be opened',
  LINE_CLOSED: 'the line to the modem broke, or it was unplugged',
  NO_ANSWER: 'the modem does not answer',
  NO_PROMPT: 'the modem did not ask for the text',
  NO_OUTCOME: 'the modem took the text and did not say what became of it',
  UNREADABLE: 'the modem answered in a form that is not known',
  AT_ERROR: 'the modem answered ERROR',
  CME_ERROR: 'the modem refused the command',
  CMS_ERROR: 'the modem or the network refused',
  PIN_MISSING: 'the SIM asks for a PIN and none is configured',
  PIN_FAILED: 'the SIM did not take the PIN; it is not tried again until the gateway is saved anew',
  PIN_LAST_TRY: 'the SIM has fewer than three tries left, and the PIN is not risked',
  PUK_NEEDED: 'the SIM is locked and asks for its PUK',
  SIM_MISSING: 'there is no SIM in the modem, or it does not work',
  SIM_BUSY: 'the SIM does not become ready',
  NO_SERVICE_CENTRE: 'the SIM knows no service centre and none is configured',
  NO_NETWORK: 'the modem has no network',
  NETWORK_DENIED: 'the network does not admit the SIM',
  NOT_READY: 'the modem is not ready',
  RESTARTED: 'the modem started anew',
  USSD_REFUSED: 'the network did not take the code',
  USSD_NO_ANSWER: 'the network did not answer the code',
  CLOSED: 'the modem was closed by this server',
} as const;

export type ModemErrorCode = keyof typeof modemErrors;

export interface ModemErrorDetails {
  /** Of a +CME or +CMS ERROR. */
  number?: number | undefined;
  /** What the table calls that number. */
  name?: string | undefined;
  /** The name of the command, without its parameters. */
  command?: string | undefined;
  /** Masked, oldest first. */
  lastLines?: readonly string[] | undefined;
  /** Whether anything at all came from the modem meanwhile. */
  hasRead?: boolean | undefined;
  cause?: unknown;
}

export class ModemError extends Error {
  override readonly name = 'ModemError';
  readonly code: ModemErrorCode;
  readonly number: number | undefined;
  readonly errorName: string | undefined;
  readonly command: string | undefined;
  readonly lastLines: readonly string[];
  readonly hasRead: boolean;

  constructor(code: ModemErrorCode, details: ModemErrorDetails = {}) {
    const { number, name, command, lastLines = [], hasRead = false, cause } = details;
    super(modemErrors[code] + (number === undefined ? '' : ` (${name ?? 'error'}, ${number})`), { cause });
    this.code = code;
    this.number = number;
    this.errorName = name;
    this.command = command;
    this.lastLines = lastLines;
    this.hasRead = hasRead;
  }
}

/** The modem answered, and answered no. */
export function isRefusal(error: unknown): error is ModemError {
  return error instanceof ModemError && ['AT_ERROR', 'CME_ERROR', 'CMS_ERROR'].includes(error.code);
}
