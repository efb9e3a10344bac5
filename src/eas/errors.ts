// What ends a request before its command has an answer of its own.

export const easErrors = {
  AUTHENTICATION_REQUIRED: { http: 401, sentence: 'name or password is missing or wrong' },
  BAD_QUERY: { http: 400, sentence: 'the query is neither the plain nor the base64 form of MS-ASHTTP' },
  VERSION_NOT_SUPPORTED: { http: 400, sentence: 'the protocol version is not one that OPTIONS offers' },
  COMMAND_UNKNOWN: { http: 501, sentence: 'there is no such command' },
  CONTENT_ENCODED: { http: 415, sentence: 'the body has another Content-Encoding than gzip' },
  BAD_GZIP: { http: 400, sentence: 'the body is not the gzip that its Content-Encoding announces' },
  INFLATES_TOO_FAR: { http: 413, sentence: 'the body inflates to more than the limit' },
  LOOP: { http: 503, sentence: 'the device repeats the same request too often' },
  TOO_MANY_HELD: { http: 503, sentence: 'too many requests are held open' },
} as const;

export type EasErrorCode = keyof typeof easErrors;

/** Ends a request with an HTTP status and no body. */
export class EasError extends Error {
  readonly code: EasErrorCode;
  readonly http: number;

  constructor(code: EasErrorCode) {
    super(easErrors[code].sentence);
    this.name = 'EasError';
    this.code = code;
    this.http = easErrors[code].http;
  }
}

/** Ends a command with a Status below its root element, in whole. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.name = 'StatusError';
    this.status = status;
  }
}
