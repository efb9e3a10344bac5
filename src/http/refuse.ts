// Answers an error in the form its caller reads, and writes the one line about it.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorAnswer } from './error-answers.js';
import { type AnsweredError, errorOf, traceOf } from './error-of.js';

export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** What takes the lines: a logger, or whoever passes them on to one. */
export type RefusalLog = Record<'error' | 'warn' | 'info', (line: object, message: string) => void>;

/** For senders: `ERROR <code> <sentence>`, or JSON where they accept it. */
export function refuseSender(log: RefusalLog): ErrorHandler {
  return (error, request, reply) => {
    return answerSender(reply, noteRefusal(error, askedOf(request), log));
  };
}

export type Refused = Pick<AnsweredError, 'answer' | 'step'>;

/** What was noted already, as senders read it. */
export function answerSender(reply: FastifyReply, { answer, step }: Refused): FastifyReply {
  writeHead(reply, answer);
  if (answer.status === 401) reply.header('www-authenticate', 'Basic realm="easms", charset="UTF-8"');
  if (acceptsJson(reply.request)) return reply.send({ error: { code: answer.code, message: answer.sentence, step } });
  return reply.type('text/plain; charset=utf-8').send(`ERROR ${answer.code} ${answer.sentence}`);
}

/** For administrators: JSON, with the field at fault. */
export function refuseAdministrator(log: RefusalLog): ErrorHandler {
  return (error, request, reply) => {
    const { answer, field, detail, step } = noteRefusal(error, askedOf(request), log);
    writeHead(reply, answer);
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

/** What the log may hold of a request: passwords, numbers and texts stand in its query. */
export interface Asked {
  method: string;
  /** What stands in the route table, so that names in a path stay out of the log. */
  path: string;
}

export function askedOf(request: FastifyRequest): Asked {
  return { method: request.method, path: request.routeOptions.url ?? 'unknown path' };
}

/** Translates what was thrown, and writes the line about it. */
export function noteRefusal(error: unknown, { method, path }: Asked, log: RefusalLog): AnsweredError {
  const refused = errorOf(error);
  const { status, code } = refused.answer;
  const line = { method, path, status, code };
  if (refused.isFault) log.error({ ...line, error: traceOf(error) }, 'request failed');
  else if (status >= 500) log.warn({ ...line, error: traceOf(error) }, 'request not served');
  else log.info({ ...line, field: refused.field, step: refused.step }, 'request refused');
  return refused;
}

function writeHead(reply: FastifyReply, { status, retryAfterSeconds }: ErrorAnswer): void {
  reply.code(status);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
}
