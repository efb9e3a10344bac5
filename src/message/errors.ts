// Why a message is not accepted. Nothing here repeats a number or a text.

export const messageErrors = {
  BAD_NUMBER: 'a number is an optional + and then 2 to 20 of 0-9, * and #',
  BAD_PARAMETER: 'a parameter is out of range',
  EMPTY_MESSAGE: 'the message has no text',
  MESSAGE_TOO_LONG: 'the message takes more parts than a message may have',
  NO_GATEWAY: 'no phone of the sender sends texts and no gateway is active',
  UNKNOWN_GATEWAY: 'there is no gateway with this id',
  REJECTED_BY_RULE: 'a rule of the administrator rejects the message',
  RULES_UNAVAILABLE: 'the rules of the administrator cannot be tried',
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
  /** What more is to be said, to the sender alone: the reason of a rule, the id of a gateway. */
  readonly detail: string | undefined;

  constructor(code: MessageErrorCode, field?: string, detail?: string) {
    super(messageErrors[code]);
    this.name = 'MessageError';
    this.code = code;
    this.field = field;
    this.detail = detail;
  }
}
