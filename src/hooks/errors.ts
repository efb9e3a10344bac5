// What keeps a request from going out, or its outcome from being known. Nothing here repeats an address, a number or a text.

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const hookErrors = {
  NOT_CONNECTED: 'no connection stood: nothing of the request was written',
  NO_ANSWER: 'the request was written, and no complete answer came',
  BAD_CALL: 'the request cannot be written as HTTP',
  BAD_TEMPLATE: 'the template is not one',
  BAD_VALUE: 'a value does not fit into the template',
  FORBIDDEN_ADDRESS: 'the address is none that rules may reach',
  FORBIDDEN_PROGRAM: 'the program is none that rules may start',
  NOT_STARTED: 'the program did not start',
  NO_END: 'the program was ended before it was through',
  FORBIDDEN_STATEMENT: 'the statement is none that rules may execute',
  NO_DATABASE: 'the database was not reached: the statement was not executed',
  STATEMENT_REFUSED: 'the database refused the statement',
  STATEMENT_UNKNOWN: 'the statement was given to the database, and nobody knows what became of it',
} as const;

export type HookErrorCode = keyof typeof hookErrors;

export class HookError extends Error {
  readonly code: HookErrorCode;
  /** In words that may be shown: names of variables and attributes, never a value. */
  readonly detail: string | undefined;

  constructor(code: HookErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? hookErrors[code] : `${hookErrors[code]}: ${detail}`, options);
    this.name = 'HookError';
    this.code = code;
    this.detail = detail;
  }
}
