// Who sends a text over `/sms/`: whoever has name and password, or whom a trusted network names.

import type { FastifyRequest } from 'fastify';
import { readBasic } from '../accounts/basic.js';
import type { Sender } from '../accounts/decide.js';
import { HttpError } from './errors.js';
import type { HttpServices } from './services.js';
import { readFlag } from './sms-content.js';
import type { SmsParameters } from './sms-parameters.js';
import { isTrusted } from './trusted-networks.js';

const nobody: Sender = { way: 'session' };

/**
 * Nobody in particular for a text that a trusted network sends without a name. Whether the sender may send is asked
 * afterwards. Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, AccountError LOCKED_OUT, TOO_MANY_REQUESTS,
 * BACK_END_UNAVAILABLE.
 */
export async function findSender(
  services: HttpServices,
  parameters: SmsParameters,
  request: FastifyRequest,
): Promise<Sender> {
  const { senders } = services.credentials;
  const { authorization } = request.headers;
  const isVouched = parameters.authenticated !== undefined && isVouchedFor(services, parameters, request);
  if (isVouched && !parameters.user && authorization === undefined) return nobody;
  const finding =
    isVouched && parameters.user ? senders.lookUp(parameters.user) : verify(services, parameters, request);
  // What is remembered is there at once; a turn of the event loop's queue would be waste.
  const sender = finding instanceof Promise ? await finding : finding;
  if (sender) return sender;
  // A name without a password is right for some SMS accounts alone.
  const isProven = isVouched || parameters.pass !== undefined || authorization !== undefined;
  throw new HttpError(isProven ? 'BAD_CREDENTIALS' : 'AUTHENTICATION_REQUIRED');
}

function isVouchedFor(services: HttpServices, parameters: SmsParameters, request: FastifyRequest): boolean {
  if (!readFlag(parameters, 'authenticated')) return false;
  const isFromInside = isTrusted(request, services.trustedNetworks);
  if (!isFromInside) services.metrics?.countIgnoredAuthenticated();
  return isFromInside;
}

/** By `user` and `pass`, else by Basic authentication. */
function verify(
  { credentials, now }: HttpServices,
  { user, pass }: SmsParameters,
  { headers: { authorization }, ip: address }: FastifyRequest,
): Sender | undefined | Promise<Sender | undefined> {
  const isNamed = user !== undefined && (pass !== undefined || authorization === undefined);
  if (isNamed) return credentials.senders.verify({ name: user, password: pass, address, now: now() });
  if (authorization === undefined) throw new HttpError('AUTHENTICATION_REQUIRED');
  const basic = readBasic(authorization);
  return basic && credentials.senders.verify({ ...basic, address, now: now() });
}
