// Who sends a text over `/sms/`: whoever has name and password, or whom a trusted network names.

import { type Account, requireSmsAccess } from '../accounts/access.js';
import type { Credentials } from '../accounts/credentials.js';
import { HttpError } from './errors.js';
import type { HttpServices } from './services.js';
import { readFlag } from './sms-content.js';
import type { SenderClaim } from './sms.js';

/**
 * `undefined` for a text that a trusted network sends for nobody.
 * Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, AccountError ACCESS_DENIED.
 */
export async function findSender(services: HttpServices, claim: SenderClaim): Promise<Account | undefined> {
  const { credentials } = services;
  const { user, authorization } = claim;
  const isVouched = claim.authenticated !== undefined && isVouchedFor(services, claim);
  if (isVouched && !user && authorization === undefined) return undefined;
  const finding = isVouched && user ? credentials.lookUp(user) : verify(credentials, claim);
  // What is remembered is there at once; a turn of the event loop's queue would be waste.
  const account = finding instanceof Promise ? await finding : finding;
  if (!account) throw new HttpError('BAD_CREDENTIALS');
  requireSmsAccess(account);
  return account;
}

function isVouchedFor(services: HttpServices, claim: SenderClaim): boolean {
  if (!readFlag(claim, 'authenticated')) return false;
  const isFromInside = claim.address !== undefined && services.trustedNetworks?.has(claim.address) === true;
  if (!isFromInside) services.metrics?.countIgnoredAuthenticated();
  return isFromInside;
}

/** By `user` and `pass`, else by Basic authentication. */
function verify(
  credentials: Credentials,
  { user, pass, authorization }: SenderClaim,
): Account | undefined | Promise<Account | undefined> {
  const isNamed = user !== undefined && pass !== undefined;
  if (!isNamed && authorization === undefined) throw new HttpError('AUTHENTICATION_REQUIRED');
  return isNamed ? credentials.verify(user, pass) : credentials.verifyBasic(authorization);
}
