// What a bearer answers when a message did not go out, or may not have. Nothing here repeats a number or a text.

export type SubmitOutcome =
  | 'refused' // for good: asking again would be refused again
  | 'try-later' // nothing was sent: the message may be routed again
  | 'unknown'; // it may have been sent: never repeated by itself

export const submitErrors = {
  HTTP_NOT_CONNECTED: { outcome: 'try-later', message: 'the provider could not be reached' },
  HTTP_TRY_LATER: { outcome: 'try-later', message: 'the provider asks to try later' },
  HTTP_REFUSED: { outcome: 'refused', message: 'the provider refused the text' },
  HTTP_REDIRECTED: { outcome: 'refused', message: 'the provider answered with a redirect, which is not followed' },
  HTTP_UNCONFIRMED: { outcome: 'refused', message: 'the answer of the provider is not the one that means sent' },
  HTTP_UNWRITABLE: { outcome: 'refused', message: 'the text does not fit into the request of the gateway' },
  HTTP_INCOMPLETE: { outcome: 'refused', message: 'the provider took some parts of the message and not the others' },
  HTTP_NO_ANSWER: { outcome: 'unknown', message: 'the provider gave no complete answer' },
  LOOPBACK_REFUSED: { outcome: 'refused', message: 'the loopback gateway refuses, as it was set to' },
  LOOPBACK_TRY_LATER: { outcome: 'try-later', message: 'the loopback gateway asks to try later, as it was set to' },
  LOOPBACK_UNKNOWN: { outcome: 'unknown', message: 'the loopback gateway gives no answer, as it was set to' },
  MODEM_NOT_READY: { outcome: 'try-later', message: 'the modem is not ready' },
  MODEM_BUSY: { outcome: 'try-later', message: 'the modem or the network cannot send just now' },
  MODEM_REFUSED: { outcome: 'refused', message: 'the network refused the text' },
  MODEM_UNWRITABLE: { outcome: 'refused', message: 'the text cannot be written as a short message' },
  MODEM_INCOMPLETE: { outcome: 'refused', message: 'some parts of the message were sent and the others were not' },
  MODEM_NO_OUTCOME: { outcome: 'unknown', message: 'the modem took the text and did not say what became of it' },
  NO_OUTCOME: { outcome: 'unknown', message: 'the gateway did not say what became of the text' },
  NO_PHONE: { outcome: 'try-later', message: 'no phone is ready to send' },
  OUTCOME_LOST: { outcome: 'unknown', message: 'the gateway failed while it had the text' },
  SHUT_DOWN: { outcome: 'unknown', message: 'the server was stopped while the text was being sent' },
} as const satisfies Record<string, { outcome: SubmitOutcome; message: string }>;

export type SubmitErrorCode = keyof typeof submitErrors;

export class SubmitError extends Error {
  readonly code: SubmitErrorCode;
  readonly outcome: SubmitOutcome;
  /** The gateway's id as it is shown. */
  readonly bearer: string;
  /** What the other end asked for. Only with `try-later`. */
  retryAfterSeconds: number | undefined;

  constructor(code: SubmitErrorCode, bearer: string, cause?: unknown, answer: ProviderAnswer = {}) {
    const { status, retryAfterSeconds } = answer;
    const detail = answer.detail ?? (status === undefined ? undefined : `HTTP ${status}`);
    super(submitErrors[code].message + (detail === undefined ? '' : ` (${detail})`), { cause });
    this.name = 'SubmitError';
    this.code = code;
    this.outcome = submitErrors[code].outcome;
    this.bearer = bearer;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ProviderAnswer {
  status?: number | undefined;
  retryAfterSeconds?: number | undefined;
  /** What the other end calls it, in words that are ours. */
  detail?: string | undefined;
}

export const optionErrors = {
  BAD_OPTION: 'an option of a gateway is missing, unknown or out of range',
} as const;

export type OptionErrorCode = keyof typeof optionErrors;

/** Why a gateway cannot be served as it is set up. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly code = 'BAD_OPTION';
  /** The option at fault, by its name in the API. */
  readonly field: string;
  /** What is wrong with it, in words for the administrator. */
  readonly detail: string | undefined;

  constructor(field: string, detail?: string) {
    super(optionErrors.BAD_OPTION);
    this.field = field;
    this.detail = detail;
  }
}

export const webhookErrors = {
  BAD_WEBHOOK: 'the request is not of the form that the provider of this gateway sends',
} as const;

export type WebhookErrorCode = keyof typeof webhookErrors;

/** What a provider sent to us cannot be read. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: WebhookErrorCode;
  /** What of it, by its name at the provider. */
  readonly field: string;

  constructor(code: WebhookErrorCode, field: string) {
    super(webhookErrors[code]);
    this.code = code;
    this.field = field;
  }
}

export const lineErrors = {
  NO_MODEM: 'the gateway is no modem that is open',
  NO_USSD: 'the gateway is no modem that codes can be dialled through',
  USSD_BAD_CODE: 'the code is not made of digits, * and #',
  USSD_NOT_READY: 'the modem is not ready',
  USSD_REFUSED: 'the network did not take the code',
  USSD_NO_ANSWER: 'the network did not answer the code',
} as const;

export type LineErrorCode = keyof typeof lineErrors;

/** Why a gateway that is a modem did not do what it was asked beside carrying texts. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly code: LineErrorCode;

  constructor(code: LineErrorCode, cause?: unknown) {
    super(lineErrors[code], { cause });
    this.code = code;
  }
}
