// What the peer is told for each code of every layer: the one table from our errors to HTTP.

import type { AccountErrorCode } from '../accounts/errors.js';
import type { LineErrorCode, OptionErrorCode, WebhookErrorCode } from '../gateway/errors.js';
import type { MessageErrorCode } from '../message/errors.js';
import type { PushErrorCode } from '../push/errors.js';
import type { RuleErrorCode } from '../rules/errors.js';
import type { StoreErrorCode } from '../store/errors.js';
import type { HttpErrorCode } from './errors.js';

export interface ErrorAnswer {
  status: number;
  code: string;
  sentence: string;
  retryAfterSeconds?: number;
}

// A server that has no data folder of its own, or cannot read what it keeps, answers nobody.
type AnsweredStoreCode = Exclude<StoreErrorCode, 'DATA_FOLDER_IN_USE' | 'SECRETS_UNREADABLE' | 'REDO_UNREADABLE'>;

type GatewayErrorCode = OptionErrorCode | WebhookErrorCode | LineErrorCode;
// What is wrong with a message that was received is told to nobody here.
type AnsweredPushCode = Extract<
  PushErrorCode,
  'BAD_DOCUMENT' | 'UNKNOWN_PROFILE' | 'UNKNOWN_PUSH_DEVICE' | 'PUSH_DEVICE_INACTIVE'
>;
type Code =
  | AnsweredPushCode
  | RuleErrorCode
  | AccountErrorCode
  | MessageErrorCode
  | GatewayErrorCode
  | AnsweredStoreCode
  | HttpErrorCode;

// prettier-ignore
export const errorAnswers: Record<Code, ErrorAnswer> = {
  BAD_NUMBER: { status: 400, code: 'bad-number', sentence: 'A number is an optional + and 2 to 20 of 0-9, * and #.' },
  BAD_PARAMETER: { status: 400, code: 'bad-parameter', sentence: 'A parameter is repeated, malformed or out of range.' },
  EMPTY_MESSAGE: { status: 400, code: 'empty-message', sentence: 'The message has no text.' },
  UNREADABLE_BODY: { status: 400, code: 'bad-parameter', sentence: 'The body cannot be read: send a form or JSON in UTF-8.' },
  AUTHENTICATION_REQUIRED: { status: 401, code: 'authentication-required', sentence: 'Say who you are.' },
  BAD_CREDENTIALS: { status: 401, code: 'bad-credentials', sentence: 'The name, the password or the token is wrong.' },
  LOCKED_OUT: { status: 429, code: 'too-many-requests', sentence: 'Too many wrong passwords, try again later.', retryAfterSeconds: 60 },
  RATE_EXCEEDED: { status: 429, code: 'too-many-requests', sentence: 'More requests in a minute than are allowed here.', retryAfterSeconds: 60 },
  BACK_END_UNAVAILABLE: { status: 503, code: 'login-unavailable', sentence: 'Nobody can say now whether the password is right, try again.', retryAfterSeconds: 30 },
  SCOPE_DENIED: { status: 403, code: 'insufficient-scope', sentence: 'The token is not for this.' },
  ACCOUNT_INACTIVE: { status: 403, code: 'account-inactive', sentence: 'The account is not active.' },
  ACCOUNT_EXPIRED: { status: 403, code: 'account-expired', sentence: 'The account has expired.' },
  MONTHLY_LIMIT_REACHED: { status: 403, code: 'monthly-limit-reached', sentence: 'This month has too few texts left for it.' },
  BAD_SMS_ACCOUNT: { status: 400, code: 'bad-name', sentence: 'This is not a name that an SMS account can have.' },
  BAD_GROUP: { status: 400, code: 'bad-name', sentence: 'This is not a name that a group can have.' },
  BAD_TOKEN_NAME: { status: 400, code: 'bad-name', sentence: 'This is not a name that a token can have.' },
  BAD_MEMBER: { status: 400, code: 'bad-field', sentence: 'A member is the address of a user, group:NAME or domain:NAME.' },
  BAD_FORWARD: { status: 400, code: 'bad-field', sentence: 'Mail goes on to addresses such as ada@example.com, or sms:+15551234567.' },
  BAD_EXPIRY: { status: 400, code: 'bad-field', sentence: 'The last day is a date such as 2026-11-30.' },
  NO_SUCH_SMS_ACCOUNT: { status: 404, code: 'unknown-account', sentence: 'There is no SMS account of this name.' },
  NO_SUCH_GROUP: { status: 404, code: 'unknown-group', sentence: 'There is no group of this name.' },
  NO_SUCH_TOKEN: { status: 404, code: 'unknown-token', sentence: 'There is no token of this name.' },
  ACCESS_DENIED: { status: 403, code: 'access-denied', sentence: 'This user may not send texts.' },
  WRONG_GATEWAY: { status: 403, code: 'access-denied', sentence: 'The id of the gateway or its password is wrong.' },
  UNKNOWN_GATEWAY: { status: 404, code: 'unknown-gateway', sentence: 'There is no gateway of this id.' },
  MESSAGE_TOO_LONG: { status: 413, code: 'message-too-long', sentence: 'The message takes more parts than can be sent.' },
  BODY_TOO_LARGE: { status: 413, code: 'message-too-long', sentence: 'The request is larger than any message.' },
  TOO_MANY_REQUESTS: { status: 429, code: 'too-many-requests', sentence: 'Too many requests at once, try again soon.', retryAfterSeconds: 5 },
  REJECTED_BY_RULE: { status: 403, code: 'rejected-by-rule', sentence: 'A rule of this server rejects the message.' },
  RULES_UNAVAILABLE: { status: 503, code: 'rules-unavailable', sentence: 'The rules of this server cannot be tried now, try again.', retryAfterSeconds: 30 },
  WEBHOOK_REFUSED: { status: 403, code: 'webhook-refused', sentence: 'No gateway takes this webhook from you.' },
  BAD_WEBHOOK: { status: 400, code: 'bad-webhook', sentence: 'This is not what the provider of the gateway sends.' },
  NO_RECIPIENT: { status: 400, code: 'no-recipient', sentence: 'The mail is for nobody.' },
  TOO_MANY_RECIPIENTS: { status: 400, code: 'too-many-recipients', sentence: 'The mail has too many recipients.' },
  RECIPIENT_UNRESOLVED: { status: 400, code: 'unknown-recipient', sentence: 'A recipient cannot be reached from here.' },
  CLIENT_ID_REUSED: { status: 409, code: 'idempotency-conflict', sentence: 'The same id stood for another mail.' },
  IDEMPOTENCY_CONFLICT: { status: 409, code: 'idempotency-conflict', sentence: 'The same Idempotency-Key stood for another message.' },
  NO_RELAY: { status: 503, code: 'no-relay', sentence: 'No mail relay is configured.', retryAfterSeconds: 60 },
  NO_GATEWAY: { status: 503, code: 'no-gateway', sentence: 'Nothing is there that could send this message.', retryAfterSeconds: 60 },
  STORAGE_UNAVAILABLE: { status: 503, code: 'storage-unavailable', sentence: 'The message could not be stored, try again.', retryAfterSeconds: 10 },
  NOT_READY: { status: 503, code: 'not-ready', sentence: 'The server is starting, stopping or without its store.', retryAfterSeconds: 10 },
  TOO_BUSY: { status: 503, code: 'too-busy', sentence: 'The server has more to do than it can, try again soon.', retryAfterSeconds: 5 },
  UNREADABLE_JSON: { status: 400, code: 'bad-body', sentence: 'The body must be one JSON object in UTF-8, of type application/json.' },
  UNKNOWN_FIELD: { status: 400, code: 'unknown-field', sentence: 'This resource has no such field.' },
  BAD_FIELD: { status: 400, code: 'bad-field', sentence: 'The field is missing, or its value is not of its kind.' },
  BAD_OPTION: { status: 400, code: 'bad-field', sentence: 'The field is missing, or its value is not what this gateway needs.' },
  NO_MODEM: { status: 409, code: 'no-modem', sentence: 'The gateway is no modem, or it is switched off.' },
  NO_USSD: { status: 409, code: 'no-ussd', sentence: 'The gateway is no modem, or it is switched off.' },
  USSD_BAD_CODE: { status: 400, code: 'bad-field', sentence: 'A code has 1 to 64 of 0-9, *, # and +.' },
  USSD_NOT_READY: { status: 503, code: 'modem-not-ready', sentence: 'The modem is not ready; the gateway says why.', retryAfterSeconds: 30 },
  USSD_REFUSED: { status: 502, code: 'ussd-refused', sentence: 'The network did not take the code.' },
  USSD_NO_ANSWER: { status: 504, code: 'ussd-no-answer', sentence: 'The network did not answer the code.' },
  BAD_ADDRESS: { status: 400, code: 'bad-address', sentence: 'This is not an address that can be given here.' },
  BAD_DOMAIN: { status: 400, code: 'bad-domain', sentence: 'This is not the name of a domain.' },
  BAD_SCOPE: { status: 400, code: 'bad-scope', sentence: 'A scope is server, domain:D, user:A or device:A:ID.' },
  BAD_PASSWORD: { status: 400, code: 'bad-password', sentence: 'A password has 1 to 1024 octets.' },
  NO_SUCH_RESOURCE: { status: 404, code: 'not-found', sentence: 'Nothing answers here.' },
  NO_SUCH_USER: { status: 404, code: 'unknown-user', sentence: 'There is no user of this address.' },
  NO_SUCH_DOMAIN: { status: 404, code: 'unknown-domain', sentence: 'There is no domain of this name.' },
  NO_SUCH_DEVICE: { status: 404, code: 'unknown-device', sentence: 'The user has no device of this id.' },
  NO_SUCH_FOLDER: { status: 404, code: 'unknown-folder', sentence: 'The mailbox has no such folder.' },
  NO_SUCH_GATEWAY: { status: 404, code: 'unknown-gateway', sentence: 'There is no gateway of this id.' },
  NO_SUCH_MESSAGE: { status: 404, code: 'unknown-message', sentence: 'There is no message of this id.' },
  NO_SUCH_EFFECT: { status: 404, code: 'unknown-effect', sentence: 'Rules bring about nothing of this id.' },
  EFFECT_NOT_FAILED: {
    status: 409,
    code: 'effect-not-failed',
    sentence: 'It is done, or on its way: only what failed is tried again.',
  },
  EFFECT_MAY_BE_DONE: {
    status: 409,
    code: 'effect-may-be-done',
    sentence: 'Nobody knows whether it was done: say mayRepeat where it may be done twice.',
  },
  NO_SUCH_RULE: { status: 404, code: 'unknown-rule', sentence: 'There is no rule of this id.' },
  BAD_CONDITION: { status: 400, code: 'bad-rule', sentence: 'A condition cannot be tried.' },
  BAD_ACTION: { status: 400, code: 'bad-rule', sentence: 'An action cannot be done.' },
  BAD_PATTERN: { status: 400, code: 'bad-rule', sentence: 'A pattern is not one.' },
  UNSUPPORTED_LOOKAROUND: { status: 400, code: 'bad-rule', sentence: 'A pattern looks around, which patterns here cannot.' },
  PATTERN_TOO_LARGE: { status: 400, code: 'bad-rule', sentence: 'A pattern could cost too much time.' },
  BAD_VARIABLE: { status: 400, code: 'bad-rule', sentence: 'A variable cannot stand where it does.' },
  LIST_UNREADABLE: { status: 400, code: 'bad-rule', sentence: 'The file of a list cannot be read.' },
  TOO_MANY: { status: 400, code: 'bad-rule', sentence: 'There are more rules, or parts of them, than the limit.' },
  BAD_XML: { status: 400, code: 'bad-rules', sentence: 'The document is not a list of rules.' },
  NO_SUCH_MAIL: { status: 404, code: 'unknown-mail', sentence: 'There is no mail of this id.' },
  NO_SUCH_DISTRIBUTION: { status: 404, code: 'unknown-address', sentence: 'Nothing of this kind has this address.' },
  NO_SUCH_WEBHOOK: { status: 404, code: 'unknown-webhook', sentence: 'There is no webhook of this id.' },
  BAD_DOCUMENT: { status: 400, code: 'bad-document', sentence: 'The document is not well-formed, or not one of its format.' },
  UNKNOWN_PROFILE: { status: 404, code: 'unknown-profile', sentence: 'The format has no profile of this name.' },
  UNKNOWN_PUSH_DEVICE: { status: 404, code: 'unknown-push-device', sentence: 'There is no push device of this name.' },
  PUSH_DEVICE_INACTIVE: { status: 409, code: 'push-device-inactive', sentence: 'The push device is switched off.' },
  ADDRESS_TAKEN: { status: 409, code: 'address-taken', sentence: 'Another user has this address or alias.' },
  DOMAIN_IN_USE: { status: 409, code: 'domain-in-use', sentence: 'The domain has users.' },
  DUPLICATE: { status: 409, code: 'exists', sentence: 'One of this name exists.' },
  INTERNAL: { status: 500, code: 'internal-error', sentence: 'The server made a mistake; its log says more.' },
};
