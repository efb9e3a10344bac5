// Why an account was not made, changed, or let in: the one error class of this room.

/** The codes with what the log says; docs/errors.md lists them with what the peer is told. */
export const accountErrors = {
  TOO_MANY_REQUESTS: 'more passwords wait to be checked than the limit allows',
  ACCESS_DENIED: 'the user or the domain may not send texts',
  BAD_ADDRESS: 'an address of the user is not one this server can give',
  BAD_DOMAIN: 'the name is not one of a domain',
  BAD_SCOPE: 'the name is not one of a scope of policies',
  BAD_PASSWORD: 'the password is empty or longer than the limit',
  ADDRESS_TAKEN: 'another user has this address or alias',
  DOMAIN_IN_USE: 'the domain has users',
  NO_SUCH_USER: 'no user has this address',
  NO_SUCH_DOMAIN: 'there is no domain of this name',
  NO_SUCH_DEVICE: 'the user has no device of this id',
} as const;

export type AccountErrorCode = keyof typeof accountErrors;

export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code: AccountErrorCode;
  /** The field of a written account that is at fault. */
  readonly field: string | undefined;

  constructor(code: AccountErrorCode, field?: string) {
    super(accountErrors[code]);
    this.code = code;
    this.field = field;
  }
}
