// Who sends a text over `/sms/`: whoever has name and password, or whom a trusted network names.

import { readBasic } from '../accounts/basic.js';
import type { Sender } from '../accounts/decide.js';
import { HttpError } from './errors.js';
import type { HttpServices } from './services.js';
import { readFlag } from './sms-content.js';
import type { SenderClaim } from './sms.js';

const nobody: Sender = { way: 'session' };

/**
 * Nobody in particular for a text that a trusted network sends without a name. Whether the sender may send is asked
 * afterwards. Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, AccountError LOCKED_OUT, TOO_MANY_REQUESTS,
 * BACK_END_UNAVAILABLE.
 */
export async function findSender(services: HttpServices, claim: SenderClaim): Promise<Sender> {
  const { senders } = services.credentials;
  const { user, pass, authorization } = claim;
  const isVouched = claim.authenticated !== undefined && isVouchedFor(services, claim);
  if (isVouched && !user && authorization === undefined) return nobody;
  const finding = isVouched && user ? senders.lookUp(user) : verify(services, claim);
  // What is remembered is there at once; a turn of the event loop's queue would be waste.
  const sender = finding instanceof Promise ? await finding : finding;
  if (sender) return sender;
  // A name without a password is right for some SMS accounts alone.
  const isProven = isVouched || pass !== undefined || authorization !== undefined;
  throw new HttpError(isProven ? 'BAD_CREDENTIALS' : 'AUTHENTICATION_REQUIRED');
}

function isVouchedFor(services: HttpServices, claim: SenderClaim): boolean {
  if (!readFlag(claim, 'authenticated')) return false;
  const isFromInside = !claim.isForwarded && services.trustedNetworks?.has(claim.address) === true;
  if (!isFromInside) services.metrics?.countIgnoredAuthenticated();
  return isFromInside;
}

/** By `user` and `pass`, else by Basic authentication. */
function verify(
  { credentials, now }: HttpServices,
  { user, pass, authorization, address }: SenderClaim,
): Sender | undefined | Promise<Sender | undefined> {
  const isNamed = user !== undefined && (pass !== undefined || authorization === undefined);
  if (isNamed) return credentials.senders.verify({ name: user, password: pass, address, now: now() });
  if (authorization === undefined) throw new HttpError('AUTHENTICATION_REQUIRED');
  const basic = readBasic(authorization);
  return basic && credentials.senders.verify({ ...basic, address, now: now() });
}
