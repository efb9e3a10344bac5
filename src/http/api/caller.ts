// Who asks the admin API, and what the token is for.
// RFC 6750 2.1 Authorization Request Header Field, 3.1 Error Codes

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { KnownTokens } from '../../accounts/tokens.js';
import type { TokenScope } from '../../store/states.js';
import type { Message } from '../../store/tables.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';

export interface Caller {
  /** As the audit log has it. */
  name: string;
  scopes: readonly TokenScope[];
  /** The only one it may send through, or know of. */
  gateway: string | undefined;
}

const administrator: Caller = { name: 'administrator', scopes: ['admin'], gateway: undefined };

/** Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, after the same time for every wrong token. */
export function callerCheck({ adminToken, store }: HttpServices): (request: FastifyRequest) => Promise<Caller> {
  const expected = digest(adminToken);
  const tokens = new KnownTokens(store);
  return async ({ headers: { authorization } }) => {
    const isBearer = authorization !== undefined && /^bearer /i.test(authorization);
    if (!isBearer) throw new HttpError('AUTHENTICATION_REQUIRED');
    const given = authorization.slice('Bearer '.length).trim();
    // Digests are equally long, which the comparison asks for and tokens need not be.
    if (timingSafeEqual(digest(given), expected)) return administrator;
    const token = await tokens.find(given);
    if (!token) throw new HttpError('BAD_CREDENTIALS');
    return { name: `token ${token.name}`, scopes: token.scopes, gateway: token.gateway ?? undefined };
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

const callers = new WeakMap<FastifyRequest, Caller>();

export function keepCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

export function callerOf(request: FastifyRequest): Caller {
  return callers.get(request) ?? administrator;
}

/** Throws HttpError SCOPE_DENIED. */
export function checkScope({ scopes, gateway }: Caller, request: FastifyRequest): void {
  const route = (request.routeOptions.url ?? '').replace(/^.*\/api\/v1/, '');
  const isReading = request.method === 'GET';
  const isSending = request.method === 'POST' && route === '/messages';
  const may =
    (isSending && scopes.includes('send')) ||
    (isReading && (scopes.includes('read') || (scopes.includes('send') && route === '/messages/:id'))) ||
    scopes.includes('admin');
  if (!may || (gateway !== undefined && !isOfGateway(request, { route, gateway }))) throw new HttpError('SCOPE_DENIED');
}

/** A token for one gateway knows that gateway and the messages it carries, and nothing else. */
function isOfGateway(
  { params, method }: FastifyRequest,
  { route, gateway }: { route: string; gateway: string },
): boolean {
  if (route.startsWith('/gateways/:id')) return (params as { id?: string }).id === gateway;
  return (route === '/messages' && method === 'POST') || route === '/messages/:id';
}

/** The gateway of a message that a caller sends. Throws HttpError SCOPE_DENIED for another than the token's. */
export function gatewayFor(caller: Caller, asked: string | undefined): string | undefined {
  if (caller.gateway === undefined) return asked;
  if (asked !== undefined && asked !== caller.gateway) throw new HttpError('SCOPE_DENIED');
  return caller.gateway;
}

/** Whether a caller may know of a message. */
export function maySee(caller: Caller, { gateway, pinnedGateway }: Message): boolean {
  return caller.gateway === undefined || [gateway, pinnedGateway].includes(caller.gateway);
}

/** Whether a caller may change what it reads, and so has to be shown all of it. */
export function mayWrite({ scopes }: Caller): boolean {
  return scopes.includes('admin');
}
