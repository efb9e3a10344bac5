// What a bearer answers when a message did not go out, or may not have. Nothing here repeats a number or a text.

export type SubmitOutcome =
  | 'refused' // for good: asking again would be refused again
  | 'try-later' // nothing was sent: the message may be routed again
  | 'unknown'; // it may have been sent: never repeated by itself

export const submitErrors = {
  LOOPBACK_REFUSED: { outcome: 'refused', message: 'the loopback gateway refuses, as it was set to' },
  LOOPBACK_TRY_LATER: { outcome: 'try-later', message: 'the loopback gateway asks to try later, as it was set to' },
  LOOPBACK_UNKNOWN: { outcome: 'unknown', message: 'the loopback gateway gives no answer, as it was set to' },
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
  retryAfterSeconds?: number;

  constructor(code: SubmitErrorCode, bearer: string, cause?: unknown) {
    super(submitErrors[code].message, { cause });
    this.name = 'SubmitError';
    this.code = code;
    this.outcome = submitErrors[code].outcome;
    this.bearer = bearer;
  }
}
