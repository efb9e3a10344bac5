// Why an account was not made, changed, or let in: the one error class of this room.

import type { DecidingLevel } from './deciding-levels.js';

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const accountErrors = {
  TOO_MANY_REQUESTS: 'more passwords wait to be checked than the limit allows',
  LOCKED_OUT: 'too many wrong passwords for this name or from this address',
  ACCESS_DENIED: 'the user or the domain may not send texts',
  ACCOUNT_INACTIVE: 'the SMS account, or the SMS settings that hold for the user, are not active',
  ACCOUNT_EXPIRED: 'the last day of the SMS account, or of the SMS settings that hold for the user, is over',
  MONTHLY_LIMIT_REACHED: 'the parts would be more than this month has left',
  RATE_EXCEEDED: 'more requests in a minute than the settings allow',
  BACK_END_UNAVAILABLE: 'the server that knows the passwords does not answer as it should',
  BAD_SMS_ACCOUNT: 'the name is not one of an SMS account',
  BAD_GROUP: 'the name is not one of a group',
  BAD_MEMBER: 'a member is no address, no group:NAME and no domain:NAME',
  BAD_EXPIRY: 'the last day is no date such as 2026-11-30',
  BAD_TOKEN_NAME: 'the name is not one of a token',
  BAD_ADDRESS: 'an address of the user is not one this server can give',
  BAD_FORWARD:
    'an address that mail is to go on to is none of mail, nor one of a number with parameters that have a meaning there',
  BAD_DOMAIN: 'the name is not one of a domain',
  BAD_SCOPE: 'the name is not one of a scope of policies',
  BAD_PASSWORD: 'the password is empty or longer than the limit',
  ADDRESS_TAKEN: 'another user has this address or alias',
  DOMAIN_IN_USE: 'the domain has users',
  NO_SUCH_USER: 'no user has this address',
  NO_SUCH_DOMAIN: 'there is no domain of this name',
  NO_SUCH_DEVICE: 'the user has no device of this id',
  NO_SUCH_SMS_ACCOUNT: 'there is no SMS account of this name',
  NO_SUCH_GROUP: 'there is no group of this name',
  NO_SUCH_TOKEN: 'there is no token of this name',
} as const;

export type AccountErrorCode = keyof typeof accountErrors;

interface MoreOfError {
  level?: DecidingLevel;
  retryAfterSeconds?: number;
  cause?: unknown;
}

export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code: AccountErrorCode;
  /** The field of a written account that is at fault. */
  readonly field: string | undefined;
  /** Which level refused to let somebody send. */
  readonly level: DecidingLevel | undefined;
  /** When it may be tried again, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: AccountErrorCode, field?: string, { level, retryAfterSeconds, cause }: MoreOfError = {}) {
    super(accountErrors[code], { cause });
    this.code = code;
    this.field = field;
    this.level = level;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
