// Why a mail is not taken over SMTP or LMTP. Nothing here repeats an address, a header or a text.

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const smtpErrors = {
  AUTHENTICATION_REQUIRED: 'nobody said who sends',
  BAD_CREDENTIALS: 'the name or the password is wrong',
  FOREIGN_SENDER: 'the sender of the envelope is an address of this server, and not of whoever logged in',
  RELAY_DENIED: 'the recipient is elsewhere, and the session is not one of a user',
  NOT_TRUSTED: 'the session is for mail servers in networks that are trusted',
  BARE_LINE_BREAK: 'a CR or LF of the mail stands alone',
  TOO_MANY_HOPS: 'the mail went through more mail servers than the limit',
  TOO_MUCH_AT_ONCE: 'the mails that are on their way in are larger together than the limit',
  TOO_MANY_CONNECTIONS: 'more connections are open, in all or from this address, than the limit',
  TOO_SLOW: 'the mail took longer to arrive than the limit',
} as const;

export type SmtpErrorCode = keyof typeof smtpErrors;

export class SmtpError extends Error {
  override readonly name = 'SmtpError';
  readonly code: SmtpErrorCode;

  constructor(code: SmtpErrorCode) {
    super(smtpErrors[code]);
    this.code = code;
  }
}
