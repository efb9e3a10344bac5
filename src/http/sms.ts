// `/sms/`: a text to one number or several, sent by a user with name and password.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Account, requireSmsAccess } from '../accounts/access.js';
import type { Credentials } from '../accounts/credentials.js';
import { submit } from '../message/submit.js';
import { HttpError } from './errors.js';
import { acceptsJson, refuseSender } from './refuse.js';
import type { HttpServices } from './services.js';
import { readMaxParts, readSmsParameters, type SmsParameters } from './sms-parameters.js';

export function smsRoutes(app: FastifyInstance, services: HttpServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(refuseSender(services.log));
  for (const url of ['/sms', '/sms/'])
    app.route({ method: ['GET', 'POST'], url, handler: (request, reply) => send(services, request, reply) });
}

async function send(services: HttpServices, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const parameters = readSmsParameters({
    query: request.query as string,
    contentType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    body: request.body as Uint8Array | undefined,
  });
  const maxParts = readMaxParts(parameters.maxmsgs);
  const user = await authenticate(services.credentials, parameters, request.headers.authorization);
  requireSmsAccess(user);
  const { ids, parts } = await submit(services, {
    user,
    origin: 'http',
    numbers: (parameters.number ?? '').split(','),
    text: parameters.data ?? '',
    maxParts,
    // An empty parameter is one the caller's template had no value for.
    gateway: parameters.id || undefined,
    sender: parameters.sender || undefined,
  });
  if (acceptsJson(request)) return reply.send({ id: ids[0], ids, parts });
  return reply.type('text/plain; charset=utf-8').send(`OK ${ids.join(',')}`);
}

/** By `user` and `pass`, else by Basic authentication. Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS. */
async function authenticate(
  credentials: Credentials,
  { user, pass }: SmsParameters,
  authorization: string | undefined,
): Promise<Account> {
  const isNamed = user !== undefined && pass !== undefined;
  if (!isNamed && authorization === undefined) throw new HttpError('AUTHENTICATION_REQUIRED');
  const verifying = isNamed ? credentials.verify(user, pass) : credentials.verifyBasic(authorization);
  // What is remembered is there at once; a turn of the event loop's queue would be waste.
  const account = verifying instanceof Promise ? await verifying : verifying;
  if (!account) throw new HttpError('BAD_CREDENTIALS');
  return account;
}
