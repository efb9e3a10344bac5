// Why a message is not accepted. Nothing here repeats a number or a text.

export const messageErrors = {
  BAD_NUMBER: 'a number is an optional + and then 2 to 20 of 0-9, * and #',
  BAD_PARAMETER: 'a parameter is out of range',
  EMPTY_MESSAGE: 'the message has no text',
  MESSAGE_TOO_LONG: 'the message takes more parts than a message may have',
  NO_GATEWAY: 'no phone of the sender sends texts and no gateway is active',
  UNKNOWN_GATEWAY: 'there is no gateway with this id',
  IDEMPOTENCY_CONFLICT: 'the key of the request stood for another message',
  NO_RECIPIENT: 'the mail is for nobody',
  TOO_MANY_RECIPIENTS: 'the mail has more recipients than a mail may have',
  RECIPIENT_UNRESOLVED: 'a recipient is no number, no address, or no user of a domain of this server',
  NO_RELAY: 'the mail is for other domains and no relay is configured',
  CLIENT_ID_REUSED: 'the device used this ClientId for another mail',
} as const;

export type MessageErrorCode = keyof typeof messageErrors;

export class MessageError extends Error {
  readonly code: MessageErrorCode;
  /** The parameter it is about, by its name in Submission. */
  readonly field: string | undefined;

  constructor(code: MessageErrorCode, field?: string) {
    super(messageErrors[code]);
    this.name = 'MessageError';
    this.code = code;
    this.field = field;
  }
}
