// What is wrong with a request as such; what the rooms behind it object to has their own codes.

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const httpErrors = {
  AUTHENTICATION_REQUIRED: 'the request names nobody',
  BAD_CREDENTIALS: 'name and password, or the token, are not right',
  SCOPE_DENIED: 'the token is not for this request',
  WRONG_GATEWAY: 'no gateway of this id and password takes texts from other servers',
  BAD_PARAMETER: 'a parameter is repeated, malformed or out of range',
  UNREADABLE_BODY: 'the body is not of a content type, coding or form that is read here',
  BODY_TOO_LARGE: 'the body is larger than the limit',
  UNREADABLE_JSON: 'the body is not one JSON object in UTF-8',
  UNKNOWN_FIELD: 'the body or query has a field this resource does not have',
  BAD_FIELD: 'a field is missing, or its value is not of its kind',
  NO_SUCH_RESOURCE: 'nothing answers at this path and method',
  NO_SUCH_FOLDER: 'the mailbox has no such folder',
  NO_SUCH_GATEWAY: 'there is no gateway of this id',
  NO_SUCH_MESSAGE: 'there is no message of this id',
  NO_SUCH_RULE: 'there is no rule of this id',
  NO_SUCH_EFFECT: 'rules bring about nothing of this id',
  EFFECT_NOT_FAILED: 'what the rule does is done, or on its way',
  EFFECT_MAY_BE_DONE: 'nobody knows whether the rule did it: to try again may do it twice',
  NO_SUCH_MAIL: 'there is no mail of this id on its way to the relay',
  NO_SUCH_WEBHOOK: 'there is no webhook of this id',
  NO_SUCH_DISTRIBUTION: 'there is no mailing list or notification of this address',
  WEBHOOK_REFUSED: 'the webhook is of no gateway, or not known to be of its provider',
  NOT_READY: 'the store does not answer, or the server is stopping',
  TOO_BUSY: 'more requests wait for their texts to be stored than the limit',
  INTERNAL: 'a fault of this program',
} as const;

export type HttpErrorCode = keyof typeof httpErrors;

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  /** The field at fault, as the caller wrote it. */
  readonly field: string | undefined;

  constructor(code: HttpErrorCode, field?: string) {
    super(httpErrors[code]);
    this.code = code;
    this.field = field;
  }
}
