// Why a mail is not read. Nothing here repeats an address, a header or a text.

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const mailErrors = {
  UNREADABLE: 'the octets are no mail: no header field stands at their beginning',
  MAIL_TOO_LARGE: 'the mail is larger than the limit',
  HEADERS_TOO_LONG: 'the headers of the mail are longer than the limit',
  TOO_MANY_PARTS: 'the mail has more parts or lines than the limit',
  TOO_DEEP: 'the parts of the mail nest deeper than the limit',
  TOO_MANY_ADDRESSES: 'an address list is longer, or names more addresses, than the limit',
} as const;

export type MailErrorCode = keyof typeof mailErrors;

export class MailError extends Error {
  override readonly name = 'MailError';
  readonly code: MailErrorCode;

  constructor(code: MailErrorCode, options?: ErrorOptions) {
    super(mailErrors[code], options);
    this.code = code;
  }
}
