// `/gateways`: the ways out, and trying one.

import { Type } from 'typebox';
import { rehearseText } from '../../gateway/bearers.js';
import { LineError } from '../../gateway/errors.js';
import { GatewayHealth, getGatewayStatus } from '../../gateway/health.js';
import { MessageError } from '../../message/errors.js';
import { submit } from '../../message/submit.js';
import { readNumber } from '../../sms/number.js';
import { countParts } from '../../sms/parts.js';
import { deleteGateway, getGateway, listGateways, putGateway } from '../../store/gateways.js';
import type { Store } from '../../store/open.js';
import type { Gateway } from '../../store/tables.js';
import { getUser } from '../../store/users.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, nothing, strictObject } from './api.js';
import { type Caller, callerOf, mayWrite } from './caller.js';
import { readBack, readGateway, secretive, withoutSecrets, writeGateway } from './gateway-document.js';
import {
  gatewayBody,
  type GatewayBody,
  gatewayResource,
  type GatewayResource,
  testBody,
  modemReport,
  type TestBody,
  testResult,
  type TestResult,
  ussdBody,
  ussdResult,
} from './gateway-schema.js';
import { refuseHidden } from './hidden-fields.js';
import { mergePatch } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';

// An id stands in URLs, after `@` in addresses and in labels of metrics.
const gatewayId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
type Services = HttpServices & { health: GatewayHealth };

const params = Type.Object({ id: Type.String() });
const tags = ['gateways'];

export function gatewayRoutes(api: Api, { health = new GatewayHealth(), ...others }: HttpServices): void {
  const services = { ...others, health };
  const { store } = services;
  api.get(
    '/gateways',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(gatewayResource) } } },
    async (request) => {
      const { query } = request;
      const read = (limit: number) => listGateways(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ id }) => id);
      return { items: await Promise.all(rows.map((gateway) => show(services, gateway, callerOf(request)))), next };
    },
  );
  const one = { tags, params, response: { 200: gatewayResource } };
  api.get('/gateways/:id', { schema: one }, async (request) =>
    show(services, await find(store, request.params.id), callerOf(request)),
  );
  api.put(
    '/gateways/:id',
    { schema: { tags, params: Type.Object({ id: gatewayId }), body: gatewayBody, response: one.response } },
    async ({ params, body }) => write(services, params.id, refuseHidden(body, secretive)),
  );
  api.patch('/gateways/:id', { schema: { ...one, body: gatewayBody } }, async ({ params, body }) =>
    write(services, params.id, mergePatch(readBack(await find(store, params.id)), refuseHidden(body, secretive))),
  );
  api.delete('/gateways/:id', { schema: { tags, params, response: { 204: nothing } } }, async ({ params }, reply) => {
    const wasThere = await store.transact((tx) => deleteGateway(tx, params.id));
    if (!wasThere) throw new HttpError('NO_SUCH_GATEWAY');
    return reply.code(204).send(null);
  });
  api.post(
    '/gateways/:id/test',
    { schema: { tags, params, body: testBody, response: { 200: testResult, 202: testResult } } },
    async ({ params, body }, reply) => {
      const gateway = await find(store, params.id);
      if (body.dryRun) return reply.code(200).send(await dryRun(services, gateway, body));
      const submission = {
        origin: 'api',
        numbers: [body.number],
        text: body.text,
        gateway: params.id,
        skipsRules: true,
      } as const;
      const { ids, parts } = await submit(services, submission);
      return reply.code(202).send({ ids, parts, number: body.number, dryRun: false });
    },
  );
  api.post(
    '/gateways/:id/ussd',
    { schema: { tags, params, body: ussdBody, response: { 200: ussdResult } } },
    async ({ params, body }) => {
      const { id } = await find(store, params.id);
      if (!services.dialUssd) throw new LineError('NO_USSD');
      return services.dialUssd(id, body.code);
    },
  );
  api.get('/gateways/:id/modem', { schema: { tags, params, response: { 200: modemReport } } }, async ({ params }) => {
    const { id } = await find(store, params.id);
    if (!services.examineModem) throw new LineError('NO_MODEM');
    return { findings: await services.examineModem(id) };
  });
}

/** Throws HttpError NO_SUCH_GATEWAY. */
async function find(store: Store, id: string): Promise<Gateway> {
  const gateway = await store.read((session) => getGateway(session, id));
  if (!gateway) throw new HttpError('NO_SUCH_GATEWAY');
  return gateway;
}

/** Throws HttpError BAD_FIELD, OptionError. */
async function write(services: Services, id: string, body: GatewayBody): Promise<GatewayResource> {
  const { store, now } = services;
  const row = readGateway(id, body, now());
  if (typeof row.options['user'] === 'string') await requireUser(store, row.options['user']);
  await store.transact((tx) => putGateway(tx, row));
  return showWhole(services, await find(store, id));
}

/** Throws HttpError BAD_FIELD. */
async function requireUser(store: Store, address: string): Promise<void> {
  const user = await store.read((session) => getUser(session, address.toLowerCase()));
  if (!user) throw new HttpError('BAD_FIELD', 'user');
}

async function showWhole(services: Services, gateway: Gateway): Promise<GatewayResource> {
  return writeGateway(gateway, await getGatewayStatus(services, gateway));
}

/** As `caller` may see it. */
async function show(services: Services, gateway: Gateway, caller: Caller): Promise<GatewayResource> {
  const whole = await showWhole(services, gateway);
  return mayWrite(caller) ? whole : withoutSecrets(whole);
}

/** Everything but the sending. Throws MessageError, OptionError. */
async function dryRun(services: Services, gateway: Gateway, { number: written, text }: TestBody): Promise<TestResult> {
  const recipient = readNumber(written);
  if (recipient === undefined) throw new MessageError('BAD_NUMBER', 'number');
  if (text === '') throw new MessageError('EMPTY_MESSAGE', 'text');
  const parts = countParts(text);
  const message = { id: services.newId(), recipient, text, parts, sender: null, properties: null };
  const requests = await rehearseText(services, gateway, message);
  return { ids: [], parts, number: recipient, dryRun: true, ...(requests && { requests }) };
}
