// `/sms/`: a text or a binary message to one number or several, sent by a user, an SMS account, or a network that is
// trusted. What is here knows no store: the same routes are served beside it and in threads of their own.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accepted, Submission } from '../message/submit.js';
import {
  acceptsJson,
  answerSender,
  type Asked,
  askedOf,
  type RefusalLog,
  type Refused,
  refuseSender,
} from './refuse.js';
import { readRequestKey } from './request-key.js';
import { readSmsContent } from './sms-content.js';
import { readSmsParameters } from './sms-parameters.js';
import { isForwarded } from './trusted-networks.js';

/** What a request says of who sends it. */
export interface SenderClaim {
  user: string | undefined;
  pass: string | undefined;
  authenticated: string | undefined;
  /** The header. */
  authorization: string | undefined;
  address: string;
  /** A proxy speaks for somebody else; looked at only beside `authenticated`. */
  isForwarded: boolean;
}

/** One request, read and not yet believed. */
export interface SmsWish extends Asked {
  /** For nobody yet. */
  submission: Submission;
  claim: SenderClaim;
}

/** What it comes to; whatever is refused has its line in the log already. */
export type SmsOutcome = Accepted | Refused;

export interface SmsServices {
  log: RefusalLog;
  /** Sees to it that `answerTexts` is called, once. Throws what refuses the request on the spot. */
  handOver: (wish: SmsWish, reply: FastifyReply) => void;
}

export function smsRoutes(app: FastifyInstance, { log, handOver }: SmsServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(refuseSender(log));
  const handler = (request: FastifyRequest, reply: FastifyReply): void => handOver(readWish(request), reply);
  for (const url of ['/sms', '/sms/']) app.route({ method: ['GET', 'POST'], url, handler });
}

/** Throws HttpError BAD_PARAMETER, UNREADABLE_BODY. */
function readWish(request: FastifyRequest): SmsWish {
  const { headers } = request;
  const parameters = readSmsParameters({
    query: request.query as string,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    body: request.body as Uint8Array | undefined,
  });
  const submission = readSmsContent(parameters);
  submission.idempotency = readRequestKey(request, submission.msgid);
  const { user, pass, authenticated } = parameters;
  const { method, path } = askedOf(request);
  return {
    submission,
    claim: {
      user,
      pass,
      authenticated,
      authorization: headers.authorization,
      address: request.ip,
      isForwarded: authenticated !== undefined && isForwarded(request),
    },
    method,
    path,
  };
}

export function answerTexts(reply: FastifyReply, outcome: SmsOutcome): FastifyReply {
  if ('answer' in outcome) return answerSender(reply, outcome);
  const { ids, parts } = outcome;
  if (acceptsJson(reply.request)) return reply.send({ id: ids[0], ids, parts });
  return reply.type('text/plain; charset=utf-8').send(`OK ${ids.join(',')}`);
}
