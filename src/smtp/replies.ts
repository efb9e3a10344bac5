// What the peer is told for each code of every layer: the one table from our errors to SMTP.
// RFC 5321 4.2 SMTP Replies, RFC 3463 3 Enumerated Status Codes, RFC 4954 6 Status Codes

import { decidingLevels } from '../accounts/deciding-levels.js';
import { AccountError, type AccountErrorCode } from '../accounts/errors.js';
import { MailError, type MailErrorCode } from '../mail/errors.js';
import { MessageError, type MessageErrorCode } from '../message/errors.js';
import { StoreError } from '../store/errors.js';
import { SmtpError, type SmtpErrorCode } from './errors.js';

export interface Reply {
  code: number;
  /** The class of it agrees with that of the code. */
  enhanced: string;
  sentence: string;
}

type SendingCode = Extract<
  AccountErrorCode,
  | 'TOO_MANY_REQUESTS'
  | 'LOCKED_OUT'
  | 'ACCESS_DENIED'
  | 'ACCOUNT_INACTIVE'
  | 'ACCOUNT_EXPIRED'
  | 'MONTHLY_LIMIT_REACHED'
  | 'RATE_EXCEEDED'
  | 'BACK_END_UNAVAILABLE'
>;
// A device alone has a ClientId, and a caller of the API a key.
type MailedCode = Exclude<MessageErrorCode, 'CLIENT_ID_REUSED' | 'IDEMPOTENCY_CONFLICT'>;
type Code = SendingCode | MailedCode | MailErrorCode | SmtpErrorCode | 'STORAGE_UNAVAILABLE' | 'INTERNAL';

// prettier-ignore
export const replies: Record<Code, Reply> = {
  AUTHENTICATION_REQUIRED: { code: 530, enhanced: '5.7.0', sentence: 'Authentication required' },
  BAD_CREDENTIALS: { code: 535, enhanced: '5.7.8', sentence: 'The name or the password is wrong' },
  LOCKED_OUT: { code: 454, enhanced: '4.7.0', sentence: 'Too many wrong passwords, try again later' },
  TOO_MANY_REQUESTS: { code: 454, enhanced: '4.7.0', sentence: 'Too many log-ins at once, try again soon' },
  BACK_END_UNAVAILABLE: { code: 454, enhanced: '4.7.0', sentence: 'Nobody can say now whether the password is right' },
  RATE_EXCEEDED: { code: 450, enhanced: '4.7.1', sentence: 'More in a minute than is allowed here, try again later' },
  ACCESS_DENIED: { code: 550, enhanced: '5.7.1', sentence: 'This user may not send texts' },
  ACCOUNT_INACTIVE: { code: 550, enhanced: '5.7.1', sentence: 'The account is not active' },
  ACCOUNT_EXPIRED: { code: 550, enhanced: '5.7.1', sentence: 'The account has expired' },
  MONTHLY_LIMIT_REACHED: { code: 550, enhanced: '5.7.1', sentence: 'This month has too few texts left for it' },
  FOREIGN_SENDER: { code: 550, enhanced: '5.7.1', sentence: 'The sender is somebody else than who logged in' },
  RELAY_DENIED: { code: 550, enhanced: '5.7.1', sentence: 'Relaying is for users of this server who logged in' },
  NOT_TRUSTED: { code: 554, enhanced: '5.7.1', sentence: 'This address is in no network that is trusted' },
  BAD_NUMBER: { code: 553, enhanced: '5.1.3', sentence: 'A number is an optional + and 2 to 20 of 0-9, * and #' },
  BAD_PARAMETER: { code: 553, enhanced: '5.1.3', sentence: 'A parameter of the address is malformed or out of range' },
  RECIPIENT_UNRESOLVED: { code: 550, enhanced: '5.1.1', sentence: 'Nobody here has this address' },
  UNKNOWN_GATEWAY: { code: 550, enhanced: '5.1.2', sentence: 'There is no gateway of this id' },
  REJECTED_BY_RULE: { code: 550, enhanced: '5.7.1', sentence: 'A rule of this server rejects the message' },
  RULES_UNAVAILABLE: { code: 451, enhanced: '4.3.5', sentence: 'The rules of this server cannot be tried now' },
  NO_GATEWAY: { code: 451, enhanced: '4.4.4', sentence: 'Nothing is there that could send this message' },
  NO_RELAY: { code: 550, enhanced: '5.4.4', sentence: 'No mail relay is configured for other domains' },
  NO_RECIPIENT: { code: 554, enhanced: '5.5.1', sentence: 'The mail is for nobody' },
  TOO_MANY_RECIPIENTS: { code: 452, enhanced: '4.5.3', sentence: 'The mail has too many recipients' },
  EMPTY_MESSAGE: { code: 554, enhanced: '5.6.0', sentence: 'The mail has no words that could be a text' },
  MESSAGE_TOO_LONG: { code: 552, enhanced: '5.3.4', sentence: 'The message takes more parts than can be sent' },
  UNREADABLE: { code: 554, enhanced: '5.6.0', sentence: 'This is no mail' },
  MAIL_TOO_LARGE: { code: 552, enhanced: '5.3.4', sentence: 'The mail is larger than is allowed here' },
  HEADERS_TOO_LONG: { code: 552, enhanced: '5.3.4', sentence: 'The headers of the mail are longer than is allowed here' },
  TOO_MANY_PARTS: { code: 554, enhanced: '5.6.0', sentence: 'The mail has more parts or lines than is allowed here' },
  TOO_DEEP: { code: 554, enhanced: '5.6.0', sentence: 'The parts of the mail nest deeper than is allowed here' },
  TOO_MANY_ADDRESSES: { code: 554, enhanced: '5.6.0', sentence: 'The headers name more addresses than is allowed here' },
  BARE_LINE_BREAK: { code: 554, enhanced: '5.5.2', sentence: 'A CR or LF that stands alone is not allowed' },
  TOO_MANY_HOPS: { code: 554, enhanced: '5.4.6', sentence: 'The mail went through too many servers: it runs in a circle' },
  TOO_MUCH_AT_ONCE: { code: 452, enhanced: '4.3.1', sentence: 'Too much mail at once, try again soon' },
  TOO_MANY_CONNECTIONS: { code: 421, enhanced: '4.7.0', sentence: 'Too many connections, try again soon' },
  TOO_SLOW: { code: 421, enhanced: '4.4.2', sentence: 'The mail took too long' },
  STORAGE_UNAVAILABLE: { code: 451, enhanced: '4.3.0', sentence: 'The mail could not be stored, try again' },
  INTERNAL: { code: 451, enhanced: '4.3.0', sentence: 'The server made a mistake, try again' },
};

/** What may be said of a failure, and whether it was foreseen. */
export interface Refusal {
  reply: Reply;
  code: string;
  isFault: boolean;
}

export function refusalOf(thrown: unknown): Refusal {
  const code = codeOf(thrown);
  if (!Object.hasOwn(replies, code)) return { reply: replies.INTERNAL, code: 'INTERNAL', isFault: true };
  const reply = replies[code as Code];
  const level = thrown instanceof AccountError ? thrown.level : undefined;
  const said = level ? `refused by ${decidingLevels[level]}` : detailOf(thrown);
  if (said === undefined) return { reply, code, isFault: false };
  return { reply: { ...reply, sentence: `${reply.sentence}: ${said}` }, code, isFault: false };
}

/** The reason of a rule, or the gateway that it named. RFC 5321 4.2 SMTP Replies: printable ASCII, in one line. */
function detailOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof MessageError) || thrown.detail === undefined) return undefined;
  if (thrown.code === 'RULES_UNAVAILABLE') return undefined;
  return thrown.detail.replaceAll(/[^ -~]+/g, '?').slice(0, 300);
}

function codeOf(thrown: unknown): string {
  const isOurs = [AccountError, MailError, MessageError, SmtpError].some((each) => thrown instanceof each);
  if (isOurs) return (thrown as { code: string }).code;
  const isOfStore = thrown instanceof StoreError || isSqlite(thrown);
  return isOfStore ? 'STORAGE_UNAVAILABLE' : 'INTERNAL';
}

function isSqlite(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_');
}

/** As the library sends it: the code from `responseCode`, the rest as the message. */
export function errorOfReply({ code, enhanced, sentence }: Reply): Error & { responseCode: number } {
  return Object.assign(new Error(`${enhanced} ${sentence}`), { responseCode: code });
}
