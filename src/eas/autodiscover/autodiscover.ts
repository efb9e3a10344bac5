// Autodiscover over HTTP: a device that knows an address and a password learns where to sync.
// MS-ASCMD 2.2.1.1 Autodiscover

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccountError } from '../../accounts/errors.js';
import { StoreError } from '../../store/errors.js';
import type { User } from '../../store/tables.js';
import { getUser } from '../../store/users.js';
import { EasError } from '../errors.js';
import type { EasServices } from '../exchange.js';
import { limits } from '../limits.js';
import {
  AutodiscoverErrorCode,
  AutodiscoverStatus,
  mobileSyncSchema,
  type RequestError,
  writeError,
  writeRefusal,
  writeSettings,
} from './answer.js';
import { readAutodiscover } from './request.js';

const path = '/autodiscover/autodiscover.xml';

export interface AutodiscoverServices extends Pick<EasServices, 'store' | 'credentials' | 'log' | 'now' | 'observe'> {
  /** Where devices reach this server, such as https://sms.example.com; else they are told the Host they asked. */
  publicUrl?: string | undefined;
}

/** Adds Autodiscover to an app. */
export function registerAutodiscover(app: FastifyInstance, services: AutodiscoverServices): void {
  void app.register(async (scope) => {
    // Clients send XML under several types, or none: the octets decide.
    scope.removeAllContentTypeParsers();
    const parser = { parseAs: 'buffer', bodyLimit: limits.autodiscoverOctets } as const;
    scope.addContentTypeParser('*', parser, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => fail(services, error, reply));
    scope.post(path, (request, reply) => answer(services, request, reply));
    // Clients probe with GET for a redirection; there is none to give.
    const others = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    scope.route({
      method: others,
      url: path,
      handler: (_request, reply) => reply.code(405).header('Allow', 'POST').send(),
    });
  });
}

async function answer(services: AutodiscoverServices, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const user = await services.credentials.verifyBasic(request.headers.authorization, { address: request.ip });
  if (!user) throw new EasError('AUTHENTICATION_REQUIRED');
  const asked = Buffer.isBuffer(request.body) ? readAutodiscover(request.body) : undefined;
  const url = syncUrl(services, request);
  if (!asked || url === undefined) return sendError(services, reply, { ...invalid, http: 400 });
  if (asked.address === undefined || asked.schema === undefined) return sendError(services, reply, invalid);
  if (asked.schema !== mobileSyncSchema) return sendError(services, reply, noProvider);
  const { address } = asked;
  if (!(await isOwn(services, user, address))) {
    services.log.info({ userId: user.id, status: AutodiscoverStatus.ProtocolError }, 'autodiscover refused');
    services.observe('Autodiscover', String(AutodiscoverStatus.ProtocolError));
    return send(reply, writeRefusal(address));
  }
  services.observe('Autodiscover', '1');
  send(reply, writeSettings({ address: user.address, displayName: user.displayName ?? undefined, url }));
}

const invalid = { code: AutodiscoverErrorCode.InvalidRequest, message: 'Invalid Request' };
const noProvider = { code: AutodiscoverErrorCode.NoProvider, message: 'Provider is not available' };

/** The same `false` for another user's address and for nobody's: nobody learns who is here. */
async function isOwn({ store }: AutodiscoverServices, user: User, address: string): Promise<boolean> {
  const named = await store.read((session) => getUser(session, address.toLowerCase()));
  return named?.id === user.id;
}

const host = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

// What a proxy says of the scheme could be said by anybody: an administrator behind one writes http.publicUrl.
function syncUrl({ publicUrl }: AutodiscoverServices, request: FastifyRequest): string | undefined {
  if (publicUrl !== undefined) return syncUrlBelow(new URL(publicUrl));
  const { host: named } = request.headers;
  if (named === undefined || !host.test(named)) return undefined;
  return `${request.protocol}://${named}/Microsoft-Server-ActiveSync`;
}

function syncUrlBelow({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}/Microsoft-Server-ActiveSync`;
}

interface SentError extends Omit<RequestError, 'now'> {
  http?: number;
}

function sendError({ log, now, observe }: AutodiscoverServices, reply: FastifyReply, error: SentError): void {
  log.info({ errorCode: error.code }, 'autodiscover refused');
  observe('Autodiscover', String(error.code));
  send(reply.code(error.http ?? 200), writeError({ ...error, now: now() }));
}

function send(reply: FastifyReply, xml: string): void {
  reply.header('content-type', 'text/xml; charset=utf-8').send(xml);
}

function fail({ log, observe }: AutodiscoverServices, error: unknown, reply: FastifyReply): void {
  const status = httpOf(error);
  if (status === 401) reply.header('WWW-Authenticate', 'Basic realm="easms", charset="UTF-8"');
  if (status === 503) reply.header('Retry-After', '30');
  if (status >= 500 && status !== 503) log.error({ err: error }, 'autodiscover failed');
  else log.info({ status }, 'autodiscover refused');
  observe('failed', String(status));
  reply.code(status).send();
}

function httpOf(error: unknown): number {
  if (error instanceof EasError) return error.http;
  if (error instanceof AccountError || error instanceof StoreError) return 503;
  return (error as { statusCode?: number }).statusCode ?? 500;
}
