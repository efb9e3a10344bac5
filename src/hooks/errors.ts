// What keeps a request from going out, or its outcome from being known. Nothing here repeats an address, a number or a text.

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const hookErrors = {
  NOT_CONNECTED: 'no connection stood: nothing of the request was written',
  NO_ANSWER: 'the request was written, and no complete answer came',
  BAD_CALL: 'the request cannot be written as HTTP',
  BAD_TEMPLATE: 'the template is not one',
  BAD_VALUE: 'a value does not fit into the template',
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
