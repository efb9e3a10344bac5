// Answers an error in the form its caller reads, and writes the one line about it.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type AnsweredError, errorOf, traceOf } from './error-of.js';

export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** For senders: `ERROR <code> <sentence>`, or JSON where they accept it. */
export function refuseSender(log: Logger): ErrorHandler {
  return (error, request, reply) => {
    const { answer, step } = refuse(error, { request, reply, log });
    if (answer.status === 401) reply.header('www-authenticate', 'Basic realm="easms", charset="UTF-8"');
    if (acceptsJson(request)) return reply.send({ error: { code: answer.code, message: answer.sentence, step } });
    return reply.type('text/plain; charset=utf-8').send(`ERROR ${answer.code} ${answer.sentence}`);
  };
}

/** For administrators: JSON, with the field at fault. */
export function refuseAdministrator(log: Logger): ErrorHandler {
  return (error, request, reply) => {
    const { answer, field, detail, step } = refuse(error, { request, reply, log });
    if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="easms"');
    const { code, sentence } = answer;
    const message = detail === undefined ? sentence : `${sentence} ${detail}`;
    // A serializer of the route would not know this shape.
    return reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ error: { code, message, field, step } }));
  };
}

export function acceptsJson(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('application/json') === true;
}

interface Refusal {
  request: FastifyRequest;
  reply: FastifyReply;
  log: Logger;
}

function refuse(error: unknown, { request, reply, log }: Refusal): AnsweredError {
  const refused = errorOf(error);
  const { status, code, retryAfterSeconds } = refused.answer;
  // The query is left out: passwords, numbers and texts stand in it.
  const line = { method: request.method, path: pathOf(request), status, code };
  if (refused.isFault) log.error({ ...line, error: traceOf(error) }, 'request failed');
  else if (status >= 500) log.warn({ ...line, error: traceOf(error) }, 'request not served');
  else log.info({ ...line, field: refused.field, step: refused.step }, 'request refused');
  reply.code(status);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return refused;
}

/** What stands in the route table, so that names in a path stay out of the log. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown path';
}
