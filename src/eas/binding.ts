// ActiveSync over HTTP: authentication, request line, device, command, answer.
// MS-ASHTTP 3.2.5 Message Processing Events and Sequencing Rules

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccountError } from '../accounts/errors.js';
import { StoreError } from '../store/errors.js';
import type { User } from '../store/tables.js';
import { decode } from '../wbxml/decode.js';
import { type Element, element } from '../wbxml/element.js';
import { encode } from '../wbxml/encode.js';
import { WbxmlError } from '../wbxml/errors.js';
import { SyncMemory } from './commands/sync/memory.js';
import { type Command, findCommand, offeredCommands } from './command-table.js';
import { checkDevice, findDevice, noteContact } from './device-access.js';
import { DevicePolicies } from './device-policies.js';
import { EasError, StatusError } from './errors.js';
import type { Answer, EasServices } from './exchange.js';
import { type Hold, Holds } from './holds.js';
import { KnownDevices } from './known-devices.js';
import { limits } from './limits.js';
import { LoopLimit } from './loop-limit.js';
import { refusedStatuses } from './refused-parts.js';
import { readRequestLine, type RequestLine } from './request-line.js';
import { CommonStatus } from './statuses.js';
import { protocolVersions } from './versions.js';

const path = '/Microsoft-Server-ActiveSync';
const contentType = 'application/vnd.ms-sync.wbxml';

export interface EasServer {
  /** Requests held open now. */
  held(): number;
}

/** Adds ActiveSync to an app. Held requests are answered before the app closes. */
export function registerEas(app: FastifyInstance, services: EasServices): EasServer {
  const holds = new Holds(services);
  const devices = new KnownDevices(services.store.changes);
  const loops = new LoopLimit();
  const memory = new SyncMemory();
  const policies = new DevicePolicies(services.store);
  const sweep = setInterval(() => loops.sweep(services.now()), 60_000).unref();
  app.addHook('preClose', async () => {
    clearInterval(sweep);
    holds.expireAll();
  });
  void app.register(async (scope) => {
    // Devices send WBXML under several types, or none: the octets decide.
    scope.removeAllContentTypeParsers();
    const parser = { parseAs: 'buffer', bodyLimit: limits.requestOctets } as const;
    scope.addContentTypeParser('*', parser, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => refuse(services, { error, request, reply }));
    scope.options(path, (request, reply) => answerOptions(services, request, reply));
    const binding = { services, holds, devices, policies, loops, memory };
    scope.post(path, (request, reply) => answerCommand(binding, request, reply));
  });
  return { held: () => holds.size };
}

// MS-ASHTTP 2.2.3 HTTP OPTIONS Command
async function answerOptions(services: EasServices, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await authenticate(services, request);
  reply
    .header('MS-ASProtocolVersions', protocolVersions.join(','))
    .header('MS-ASProtocolCommands', offeredCommands.join(','))
    .header('MS-Server-ActiveSync', '14.3')
    .send();
}

interface Binding {
  services: EasServices;
  holds: Holds;
  devices: KnownDevices;
  policies: DevicePolicies;
  loops: LoopLimit;
  memory: SyncMemory;
}

async function answerCommand(binding: Binding, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { services } = binding;
  const { changes } = services.store;
  const accesses = changes.accesses;
  const user = await authenticate(services, request);
  const line = readRequestLine({
    url: request.raw.url ?? '',
    version: header(request, 'ms-asprotocolversion'),
    policyKey: header(request, 'x-ms-policykey'),
  });
  const command = findCommand(line.command);
  if (!command) throw new EasError('COMMAND_UNKNOWN');
  if (header(request, 'content-encoding') !== undefined) throw new EasError('CONTENT_ENCODED');
  const body = Buffer.isBuffer(request.body) ? request.body : noOctets;
  const answer = await runCommand(binding, { user, line, command, body, userAgent: header(request, 'user-agent') });
  if (isHold(answer)) {
    hold(binding, answer, reply);
    // An access that was taken away while the command ran has not ended this hold.
    if (accesses !== changes.accesses) binding.holds.expire(answer);
    return reply;
  }
  services.observe(line.command, statusOf(answer, command));
  return send(reply, answer);
}

const noOctets = Buffer.alloc(0);

interface Call {
  user: User;
  line: RequestLine;
  command: Command;
  body: Buffer;
  userAgent: string | undefined;
}

async function runCommand({ services, devices, policies, loops, memory }: Binding, call: Call): Promise<Answer> {
  const { store } = services;
  const { user, line, command, userAgent } = call;
  const now = services.now();
  const contact = { user, line, userAgent, now };
  try {
    const known = await findDevice(store, devices, contact);
    const loop = { device: `${known.id}:${line.command}`, body: call.body, now };
    if (loops.isExceeded({ ...loop, limitPerMinute: store.settings.current.device.loopLimitPerMinute }))
      throw new EasError('LOOP');
    const device = await noteContact(services, known, contact);
    checkDevice(store, { user, device, command, line, policies, now });
    if (!command.run) throw new StatusError(CommonStatus.CommandNotSupported, 'not part of this server');
    store.presence.seen(device.id, now);
    const body = readBody(call);
    const { version } = line;
    const answer = await command.run({ services, user, device, version, body, userAgent, memory, policies, now });
    noteRefusedParts(services, call, answer);
    return answer;
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof WbxmlError)) throw error;
    return refusal(services, call, error);
  }
}

function readBody({ body, command }: Call): Element | undefined {
  if (body.length === 0) {
    if (command.mayBeEmpty) return undefined;
    throw new StatusError(CommonStatus.InvalidContent, 'the request has no body');
  }
  const root = decode(body);
  if (root.tag !== command.root) throw new StatusError(CommonStatus.InvalidXML, 'the root is of another command');
  return root;
}

// One line per refused request, and nothing of what it said: the error texts of both rooms hold no content.
function refusal({ log }: EasServices, { line, command, user }: Call, error: StatusError | WbxmlError): Element {
  const status = error instanceof StatusError ? error.status : CommonStatus.InvalidWBXML;
  const who = { command: line.command, userId: user.id, device: line.deviceId };
  log.info({ ...who, status, reason: error.message }, 'command refused');
  return element(command.root, [element(command.status, String(status))]);
}

function noteRefusedParts({ log }: EasServices, { line, command, user }: Call, answer: Answer): void {
  if (answer === undefined || isHold(answer)) return;
  const statuses = refusedStatuses(answer, command);
  if (statuses.length === 0) return;
  log.info({ command: line.command, userId: user.id, device: line.deviceId, statuses }, 'command refused in part');
}

async function authenticate({ credentials }: EasServices, request: FastifyRequest): Promise<User> {
  const verified = credentials.verifyBasic(request.headers.authorization);
  const user = verified instanceof Promise ? await verified : verified;
  if (!user) throw new EasError('AUTHENTICATION_REQUIRED');
  return user;
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function isHold(answer: Answer): answer is Hold {
  return answer !== undefined && 'kind' in answer;
}

function statusOf(answer: Element | undefined, command: Command): string {
  if (!answer || typeof answer.content !== 'object' || answer.content instanceof Uint8Array) return '1';
  const status = answer.content.find((each) => each.tag === command.status);
  return typeof status?.content === 'string' ? status.content : '1';
}

// MS-ASHTTP 2.2.2.1.1.1 Content-Type: only where there is a body.
function send(reply: FastifyReply, answer: Element | undefined): FastifyReply {
  if (!answer) return reply.send();
  const octets = encode(answer);
  return reply
    .header('content-type', contentType)
    .send(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength));
}

// From here on only the raw response lives: what fastify keeps of a request is more than a hold may cost.
function hold({ services, holds }: Binding, held: Hold, reply: FastifyReply): FastifyReply {
  const response = reply.raw;
  const command = findCommand(held.command)!;
  const release = holds.open(held, (answer) => {
    services.observe(held.command, statusOf(answer, command));
    response.off('close', release);
    const octets = answer ? encode(answer) : noOctets;
    const type = answer ? { 'content-type': contentType } : {};
    response.writeHead(200, { ...type, 'content-length': octets.length }).end(octets);
  });
  // Only now, because a refusal to hold is still answered in the ordinary way.
  reply.hijack();
  // A device that hung up while it was looked for will not close again.
  if (response.destroyed) release();
  else response.on('close', release);
  return reply;
}

interface Refused {
  error: unknown;
  request: FastifyRequest;
  reply: FastifyReply;
}

function refuse({ log, observe }: EasServices, { error, reply }: Refused): void {
  if (error instanceof EasError) {
    log.info({ code: error.code }, 'request refused');
    if (error.http === 401) reply.header('WWW-Authenticate', 'Basic realm="easms", charset="UTF-8"');
    if (error.http === 503) reply.header('Retry-After', '60');
    reply.code(error.http).send();
    return;
  }
  const status = statusOfForeign(error);
  if (status >= 500) log.error({ err: error }, 'request failed');
  else log.info({ status }, 'request refused');
  if (status === 503) reply.header('Retry-After', '30');
  observe('failed', String(status));
  reply.code(status).send();
}

// MS-ASHTTP 2.2.2.1.1 Status-Line: 503 makes a device come back by itself.
function statusOfForeign(error: unknown): number {
  if (error instanceof StoreError) return 503;
  if (error instanceof AccountError) return error.code === 'TOO_MANY_REQUESTS' ? 503 : 403;
  return (error as { statusCode?: number }).statusCode ?? 500;
}
