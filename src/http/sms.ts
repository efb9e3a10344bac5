// `/sms/`: a text or a binary message to one number or several, sent by a user, an SMS account, or a network that is
// trusted.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { termsOf } from '../accounts/sending.js';
import { submit } from '../message/submit.js';
import { acceptsJson, refuseSender } from './refuse.js';
import { readRequestKey } from './request-key.js';
import type { HttpServices } from './services.js';
import { readSmsContent } from './sms-content.js';
import { readSmsParameters } from './sms-parameters.js';
import { countSends } from './send-rate.js';
import { findSender } from './sms-sender.js';

export function smsRoutes(app: FastifyInstance, services: HttpServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(refuseSender(services.log));
  for (const url of ['/sms', '/sms/'])
    app.route({ method: ['GET', 'POST'], url, handler: (request, reply) => send(services, request, reply) });
}

async function send(services: HttpServices, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  services.credentials.rates.countAddress(request.ip);
  const parameters = readSmsParameters({
    query: request.query as string,
    contentType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    body: request.body as Uint8Array | undefined,
  });
  const submission = readSmsContent(parameters);
  const sender = await findSender(services, parameters, request);
  const terms = termsOf(services.store, sender, services.now());
  submission.user = sender.user;
  submission.terms = terms instanceof Promise ? await terms : terms;
  countSends(services, submission.terms);
  submission.idempotency = readRequestKey(request, submission.msgid);
  const { ids, parts, reusedMsgids } = await submit(services, submission);
  if (reusedMsgids !== undefined)
    services.log.warn({ messages: ids, reusedMsgids }, 'a msgid stands for more than one message');
  if (acceptsJson(request)) return reply.send({ id: ids[0], ids, parts });
  return reply.type('text/plain; charset=utf-8').send(`OK ${ids.join(',')}`);
}
