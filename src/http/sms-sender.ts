// Who sends a text over `/sms/`: whoever has name and password, or whom a trusted network names.

import type { FastifyRequest } from 'fastify';
import { type Account, requireSmsAccess } from '../accounts/access.js';
import type { Credentials } from '../accounts/credentials.js';
import { HttpError } from './errors.js';
import type { HttpServices } from './services.js';
import { readFlag } from './sms-content.js';
import type { SmsParameters } from './sms-parameters.js';
import { isTrusted } from './trusted-networks.js';

/**
 * `undefined` for a text that a trusted network sends for nobody.
 * Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, AccountError ACCESS_DENIED.
 */
export async function findSender(
  services: HttpServices,
  parameters: SmsParameters,
  request: FastifyRequest,
): Promise<Account | undefined> {
  const { credentials } = services;
  const { authorization } = request.headers;
  const isVouched = parameters.authenticated !== undefined && isVouchedFor(services, parameters, request);
  if (isVouched && !parameters.user && authorization === undefined) return undefined;
  const finding =
    isVouched && parameters.user ? credentials.lookUp(parameters.user) : verify(credentials, parameters, authorization);
  // What is remembered is there at once; a turn of the event loop's queue would be waste.
  const account = finding instanceof Promise ? await finding : finding;
  if (!account) throw new HttpError('BAD_CREDENTIALS');
  requireSmsAccess(account);
  return account;
}

function isVouchedFor(services: HttpServices, parameters: SmsParameters, request: FastifyRequest): boolean {
  if (!readFlag(parameters, 'authenticated')) return false;
  const isFromInside = isTrusted(request, services.trustedNetworks);
  if (!isFromInside) services.metrics?.countIgnoredAuthenticated();
  return isFromInside;
}

/** By `user` and `pass`, else by Basic authentication. */
function verify(
  credentials: Credentials,
  { user, pass }: SmsParameters,
  authorization: string | undefined,
): Account | undefined | Promise<Account | undefined> {
  const isNamed = user !== undefined && pass !== undefined;
  if (!isNamed && authorization === undefined) throw new HttpError('AUTHENTICATION_REQUIRED');
  return isNamed ? credentials.verify(user, pass) : credentials.verifyBasic(authorization);
}
