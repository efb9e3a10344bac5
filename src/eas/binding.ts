// ActiveSync over HTTP: authentication, request line, body, answer; what lies between stands in run-command.ts.
// MS-ASHTTP 3.2.5 Message Processing Events and Sequencing Rules

import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccountError, type AccountErrorCode } from '../accounts/errors.js';
import { StoreError } from '../store/errors.js';
import type { User } from '../store/tables.js';
import { acceptsGzip } from './accept-encoding.js';
import { SyncMemory } from './commands/sync/memory.js';
import { type Command, findCommand } from './command-table.js';
import { DevicePolicies } from './device-policies.js';
import { EasError } from './errors.js';
import { type Answer, type EasServices, isElement, type PromptAnswer } from './exchange.js';
import { type Hold, Holds } from './holds.js';
import { KnownDevices } from './known-devices.js';
import { limits } from './limits.js';
import { LoopLimit } from './loop-limit.js';
import { beginAnew, offer } from './protocol-headers.js';
import { decodeBody } from './request-body.js';
import { readRequestLine, type RequestLine } from './request-line.js';
import { runCommand, type Running, statusOf } from './run-command.js';
import { writeAnswer, type Written } from './write-answer.js';

const path = '/Microsoft-Server-ActiveSync';
const anyType = 'application/octet-stream';

export interface EasServer {
  /** Requests held open now. */
  held(): number;
}

/** Adds ActiveSync to an app. Held requests are answered before the app closes. */
export function registerEas(app: FastifyInstance, services: EasServices): EasServer {
  const holds = new Holds(services);
  const devices = new KnownDevices(services.store.changes);
  const loops = new LoopLimit();
  const policies = new DevicePolicies(services.store);
  const binding = { services, holds, devices, policies, loops, memory: new SyncMemory() };
  const sweep = setInterval(() => loops.sweep(services.now()), 60_000).unref();
  app.addHook('preClose', async () => {
    clearInterval(sweep);
    holds.expireAll();
  });
  void app.register(async (scope) => {
    // Devices send WBXML under several types, under words that are none, or none: the octets decide.
    scope.addHook('onRequest', (request, _reply, done) => {
      const { headers } = request.raw;
      if (headers['content-type'] !== undefined) headers['content-type'] = anyType;
      done();
    });
    // Before the body is read: nobody's body is not worth its memory.
    scope.addHook('onRequest', (request, _reply, done) => logIn(services, request, done));
    scope.decorateRequest('loggedIn', null);
    scope.removeAllContentTypeParsers();
    const parser = { parseAs: 'buffer', bodyLimit: limits.requestOctets } as const;
    scope.addContentTypeParser('*', parser, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => refuse(services, { error, request, reply }));
    for (const each of [path, `${path}/`]) {
      scope.options(each, (_request, reply) => answerOptions(reply));
      scope.post(each, (request, reply) => answerCommand(binding, request, reply));
    }
  });
  return { held: () => holds.size };
}

// MS-ASHTTP 2.2.3 HTTP OPTIONS Command
function answerOptions(reply: FastifyReply): void {
  reply.headers(offer).send();
}

interface Binding extends Running {
  holds: Holds;
}

async function answerCommand(binding: Binding, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { services, holds } = binding;
  const arrival = holds.arrive();
  const { changes } = services.store;
  const { user, accesses } = request.loggedIn!;
  const line = readLine(request);
  services.credentials.rates.countDevice(`${user.id} ${line.deviceId}`);
  const command = findCommand(line.command);
  if (!command) throw new EasError('COMMAND_UNKNOWN');
  const body = await readOctets(request);
  const call = { user, line, command, body, userAgent: header(request, 'user-agent') };
  const { answer, beginsAnew } = await runCommand(binding, call);
  const packing = { isWanted: acceptsGzip(header(request, 'accept-encoding')) };
  if (isHold(answer)) {
    hold(binding, { held: answer, arrival, packing }, reply);
    // An access that was taken away while the command ran has not ended this hold.
    if (accesses !== changes.accesses) holds.expire(answer);
    return reply;
  }
  services.observe(line.command, nameOf(answer, command));
  if (beginsAnew) reply.headers(beginAnew);
  const { status, headers, octets } = await writeAnswer(answer, packing);
  return octets.length === 0 ? reply.code(status).headers(headers).send() : reply.headers(headers).send(octets);
}

function readLine(request: FastifyRequest): RequestLine {
  return readRequestLine({
    url: request.raw.url ?? '',
    version: header(request, 'ms-asprotocolversion'),
    policyKey: header(request, 'x-ms-policykey'),
    acceptMultiPart: header(request, 'ms-asacceptmultipart'),
  });
}

const noOctets = Buffer.alloc(0);

function readOctets(request: FastifyRequest): Buffer | Promise<Buffer> {
  const octets = Buffer.isBuffer(request.body) ? request.body : noOctets;
  const coding = header(request, 'content-encoding');
  return coding === undefined ? octets : decodeBody(octets, coding);
}

interface LoggedIn {
  user: User;
  /** What was taken away since is seen by this number. */
  accesses: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the body is read, in the requests of this room. */
    loggedIn: LoggedIn | null;
  }
}

// What is remembered is there at once; a promise for each request would be waste.
function logIn({ credentials, store }: EasServices, request: FastifyRequest, done: (error?: Error) => void): void {
  credentials.rates.countAddress(request.ip);
  const { accesses } = store.changes;
  const take = (user: User | undefined) => {
    if (!user) return done(new EasError('AUTHENTICATION_REQUIRED'));
    request.loggedIn = { user, accesses };
    done();
  };
  const origin = { address: request.ip, deviceOf: () => deviceOf(request) };
  const verified = credentials.verifyBasic(request.headers.authorization, origin);
  if (verified instanceof Promise) verified.then(take, done);
  else take(verified);
}

// Asked before it is known who asks: a line that cannot be read is refused later, to those alone who may know why.
function deviceOf(request: FastifyRequest): string | undefined {
  try {
    return readLine(request).deviceId;
  } catch {
    return undefined;
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function isHold(answer: Answer): answer is Hold {
  return answer !== undefined && 'kind' in answer && answer.kind === 'hold';
}

/** What the answer is counted as: its Status, or the HTTP code in its place. */
function nameOf(answer: PromptAnswer, command: Command): string {
  if (isElement(answer)) return statusOf(answer, command);
  return answer?.kind === 'http' ? String(answer.status) : '1';
}

interface ToHold {
  held: Hold;
  arrival: number;
  packing: { isWanted: boolean };
}

// From here on only the raw response lives: what fastify keeps of a request is more than a hold may cost.
function hold({ services, holds }: Binding, { held, arrival, packing }: ToHold, reply: FastifyReply): FastifyReply {
  const response = reply.raw;
  const command = findCommand(held.command)!;
  let release = () => {};
  const finish = (answer: PromptAnswer) => {
    services.observe(held.command, nameOf(answer, command));
    response.off('close', release);
    void deliver(services, response, () => writeAnswer(answer, packing));
  };
  release = holds.open(held, arrival, finish);
  // Only now, because a refusal to hold is still answered in the ordinary way.
  reply.hijack();
  // A device that hung up while it was looked for will not close again.
  if (response.destroyed) release();
  else response.on('close', release);
  return reply;
}

// Nobody waits for this any more but the device: what fails here must not fail the server.
async function deliver(
  { log }: EasServices,
  response: ServerResponse,
  write: () => Written | Promise<Written>,
): Promise<void> {
  try {
    const { status, headers, octets } = await write();
    response.writeHead(status, Object.assign({ 'content-length': octets.length }, headers)).end(octets);
  } catch (error) {
    log.error({ err: error }, 'request failed');
    if (!response.headersSent) response.writeHead(500, { 'content-length': 0 });
    response.end();
  }
}

interface Refused {
  error: unknown;
  request: FastifyRequest;
  reply: FastifyReply;
}

function refuse({ log, observe }: EasServices, { error, reply }: Refused): void {
  if (error instanceof EasError) {
    // A loop is told once, where it is found.
    if (error.code !== 'LOOP') log.info({ code: error.code }, 'request refused');
    if (error.http === 401) reply.header('WWW-Authenticate', 'Basic realm="easms", charset="UTF-8"');
    if (error.http === 503) reply.header('Retry-After', '60');
    reply.code(error.http).send();
    return;
  }
  const status = statusOfForeign(error);
  if (status >= 500) log.error({ err: error }, 'request failed');
  else log.info({ status }, 'request refused');
  const retryAfterSeconds = error instanceof AccountError ? error.retryAfterSeconds : undefined;
  if (status === 503 || status === 429) reply.header('Retry-After', String(retryAfterSeconds ?? 30));
  observe('failed', String(status));
  reply.code(status).send();
}

// MS-ASHTTP 2.2.2.1.1 Status-Line: 503 makes a device come back by itself.
function statusOfForeign(error: unknown): number {
  if (error instanceof StoreError) return 503;
  if (error instanceof AccountError) return accountStatuses[error.code] ?? 403;
  return (error as { statusCode?: number }).statusCode ?? 500;
}

const accountStatuses: Partial<Record<AccountErrorCode, number>> = {
  TOO_MANY_REQUESTS: 503,
  BACK_END_UNAVAILABLE: 503,
  RATE_EXCEEDED: 503,
  LOCKED_OUT: 429,
};
