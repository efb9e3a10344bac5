// Who may send texts: the user's own mode, else the domain's.

import { getDomain } from '../store/domains.js';
import type { Session } from '../store/session.js';
import type { Domain, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';

export type SmsAccess = 'allowed' | 'denied';

/** A user with what follows from the domain, as it is known to whoever logged in. */
export type Account = User & { readonly effectiveSmsAccess: SmsAccess };

export function smsAccessOf(user: Pick<User, 'smsAccess'>, domain: Pick<Domain, 'smsAccess'> | undefined): SmsAccess {
  return user.smsAccess === 'inherit' ? (domain?.smsAccess ?? 'allowed') : user.smsAccess;
}

export function* getAccount(tx: Session, user: User): Steps<Account> {
  return { ...user, effectiveSmsAccess: smsAccessOf(user, yield* getDomain(tx, user.domain)) };
}
