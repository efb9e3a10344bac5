// The admin API: one token, JSON in and out, every resource described by its schemas.

import swagger from '@fastify/swagger';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { HttpError } from '../errors.js';
import { readPairs } from '../form.js';
import { refuseAdministrator } from '../refuse.js';
import type { HttpServices } from '../services.js';
import { auditRequests, auditRoutes } from './audit.js';
import { callerCheck, checkScope, keepCaller } from './caller.js';
import { deviceRuleRoutes } from './device-rules.js';
import { deviceRoutes } from './devices.js';
import { mailingListRoutes, notificationRoutes } from './distributions.js';
import { domainRoutes } from './domains.js';
import { findingRoutes } from './findings.js';
import { gatewayRoutes } from './gateways.js';
import { incomingRoutes } from './incoming.js';
import { mailRoutes } from './mails.js';
import { messageRoutes } from './messages.js';
import { openApi } from './openapi.js';
import { policyRoutes } from './policies.js';
import { presetRoutes } from './presets.js';
import { pushDeviceRoutes } from './push-devices.js';
import { pushRoutes } from './push.js';
import { queueRoutes } from './queue.js';
import { ruleRoutes } from './rules.js';
import { schemaError } from './schema-error.js';
import { settingsRoutes } from './settings.js';
import { skippedItemRoutes } from './skipped-items.js';
import { groupRoutes, smsAccountRoutes } from './sms-accounts.js';
import { smsFunctionRoutes } from './sms-functions.js';
import { tokenRoutes } from './tokens.js';
import { userMailboxRoutes } from './user-mailbox.js';
import { userRoutes } from './users.js';
import { webhookRoutes } from './webhooks.js';

const resources = [
  domainRoutes,
  userRoutes,
  userMailboxRoutes,
  deviceRoutes,
  deviceRuleRoutes,
  policyRoutes,
  skippedItemRoutes,
  gatewayRoutes,
  presetRoutes,
  messageRoutes,
  incomingRoutes,
  ruleRoutes,
  queueRoutes,
  mailRoutes,
  mailingListRoutes,
  notificationRoutes,
  webhookRoutes,
  pushDeviceRoutes,
  pushRoutes,
  smsAccountRoutes,
  groupRoutes,
  tokenRoutes,
  auditRoutes,
  smsFunctionRoutes,
  settingsRoutes,
  findingRoutes,
];

export async function adminApi(scope: FastifyInstance, services: HttpServices): Promise<void> {
  readJsonOnly(scope);
  scope.setErrorHandler(refuseAdministrator(services.log));
  scope.setValidatorCompiler(TypeBoxValidatorCompiler);
  // The schemas of answers are for the reader of the document and for the compiler.
  scope.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  scope.setSchemaErrorFormatter(schemaError);
  await scope.register(swagger, openApi);
  scope.get('/openapi.json', { schema: { hide: true } }, async () => scope.swagger());
  await scope.register(async (guarded) => {
    guard(guarded, services);
    auditRequests(guarded, services);
    for (const routes of resources) routes(guarded.withTypeProvider<TypeBoxTypeProvider>(), services);
  });
}

function guard(scope: FastifyInstance, services: HttpServices): void {
  const findCaller = callerCheck(services);
  scope.addHook('onRequest', async (request) => {
    const caller = await findCaller(request);
    checkScope(caller, request);
    keepCaller(request, caller);
    request.query = readQuery(request.query as string);
  });
}

/** Throws HttpError BAD_PARAMETER. */
function readQuery(text: string): Record<string, string> {
  const query = new Map<string, string>();
  readPairs(text, (name, value) => {
    if (query.has(name)) throw new HttpError('BAD_PARAMETER', name.slice(0, 100));
    query.set(name, value);
  });
  return Object.fromEntries(query);
}

function readJsonOnly(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const types = ['application/json', 'application/merge-patch+json'];
  scope.addContentTypeParser(types, { parseAs: 'buffer' }, (request, body, done) => {
    const isRead = request.headers['content-encoding'] === undefined && isUtf8(body as Buffer);
    if (!isRead) done(new HttpError('UNREADABLE_JSON'));
    else parseJson(String(body), done);
  });
  scope.addContentTypeParser('*', (_request, _payload, done) => done(new HttpError('UNREADABLE_JSON')));
}

function parseJson(text: string, done: (error: Error | null, value?: unknown) => void): void {
  // A DELETE that names a type and sends nothing is no mistake.
  if (text === '') return done(null, undefined);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return done(new HttpError('UNREADABLE_JSON'));
  }
  done(null, value);
}
