// `/gateways`: the ways out, and trying one.

import { type Static, Type } from 'typebox';
import { checkOptions, isServedType } from '../../gateway/bearers.js';
import { GatewayHealth, getGatewayStatus } from '../../gateway/health.js';
import { MessageError } from '../../message/errors.js';
import { submit } from '../../message/submit.js';
import { readNumber } from '../../sms/number.js';
import { countParts } from '../../sms/parts.js';
import { deleteGateway, type GatewayRow, getGateway, listGateways, putGateway } from '../../store/gateways.js';
import type { Store } from '../../store/open.js';
import { gatewayTypes } from '../../store/states.js';
import type { Gateway } from '../../store/tables.js';
import { getUser } from '../../store/users.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, line, nothing, orNull, strictObject } from './api.js';
import { mergePatch, withoutNulls } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';

// Each belongs to one type; which, and whether it must be there, the type itself knows.
const options = {
  user: Type.Optional(orNull(Type.String({ maxLength: 256, description: 'activesync: whose elected phone sends' }))),
  answers: Type.Optional(
    orNull(Type.Array(Type.Enum(['sent', 'refused', 'try-later', 'unknown']), { maxItems: 1_000 })),
  ),
  delaySeconds: Type.Optional(orNull(Type.Number({ description: 'loopback' }))),
  concurrency: Type.Optional(orNull(Type.Integer({ description: 'loopback' }))),
  journal: Type.Optional(
    orNull(Type.Boolean({ description: 'loopback: note the texts that leave in the data folder' })),
  ),
};

const gatewayBody = strictObject({
  type: Type.Optional(Type.Enum([...gatewayTypes])),
  active: Type.Optional(orNull(Type.Boolean())),
  description: Type.Optional(orNull(line(1_000))),
  ...options,
});
type GatewayBody = Static<typeof gatewayBody>;

const gatewayResource = Type.Object({
  id: Type.String(),
  type: Type.String(),
  active: Type.Boolean(),
  description: orNull(Type.String()),
  ...options,
  health: Type.Enum(['up', 'down', 'degraded']),
  lastError: orNull(Type.String()),
  queued: Type.Integer(),
  sent: Type.Integer(),
});

const testBody = strictObject({
  number: line(100),
  text: Type.String(),
  dryRun: Type.Optional(Type.Boolean()),
});

const testResult = Type.Object({
  ids: Type.Array(Type.String()),
  parts: Type.Integer(),
  number: Type.String(),
  dryRun: Type.Boolean(),
});

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
    async ({ query }) => {
      const read = (limit: number) => listGateways(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ id }) => id);
      return { items: await Promise.all(rows.map((gateway) => writeGateway(services, gateway))), next };
    },
  );
  const one = { tags, params, response: { 200: gatewayResource } };
  api.get('/gateways/:id', { schema: one }, async ({ params }) => writeGateway(services, await find(store, params.id)));
  api.put(
    '/gateways/:id',
    {
      preValidation: async ({ body }) => refuseTypesToCome(body),
      schema: { tags, params: Type.Object({ id: gatewayId }), body: gatewayBody, response: one.response },
    },
    async ({ params, body }) => write(services, params.id, body),
  );
  api.patch(
    '/gateways/:id',
    { preValidation: async ({ body }) => refuseTypesToCome(body), schema: { ...one, body: gatewayBody } },
    async ({ params, body }) => write(services, params.id, mergePatch(readBack(await find(store, params.id)), body)),
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
      await find(store, params.id);
      if (body.dryRun) return reply.code(200).send(dryRun(body));
      const submission = { origin: 'api', numbers: [body.number], text: body.text, gateway: params.id } as const;
      const { ids, parts } = await submit(services, submission);
      return reply.code(202).send({ ids, parts, number: body.number, dryRun: false });
    },
  );
}

/** Before its own fields are refused as if the type itself were served. Throws HttpError UNSUPPORTED_TYPE. */
function refuseTypesToCome(body: unknown): void {
  const written = (body as { type?: unknown } | null | undefined)?.type;
  const type = gatewayTypes.find((known) => known === written);
  if (type !== undefined && !isServedType(type)) throw new HttpError('UNSUPPORTED_TYPE', 'type');
}

/** Throws HttpError NO_SUCH_GATEWAY. */
async function find(store: Store, id: string): Promise<Gateway> {
  const gateway = await store.read((session) => getGateway(session, id));
  if (!gateway) throw new HttpError('NO_SUCH_GATEWAY');
  return gateway;
}

/** Throws HttpError BAD_FIELD. */
async function write(services: Services, id: string, body: GatewayBody): Promise<Static<typeof gatewayResource>> {
  const { store, now } = services;
  const { type, active, description, ...options } = withoutNulls(body);
  if (type === undefined) throw new HttpError('BAD_FIELD', 'type');
  checkOptions({ type, options });
  if (options.user !== undefined) await requireUser(store, options.user);
  const shown = { active: active ?? true, description: description ?? null };
  const row: GatewayRow = { id, type, options, ...shown, password: null, emailFrom: null, deliverTo: [], now: now() };
  await store.transact((tx) => putGateway(tx, row));
  return writeGateway(services, await find(store, id));
}

/** Throws HttpError BAD_FIELD. */
async function requireUser(store: Store, address: string): Promise<void> {
  const user = await store.read((session) => getUser(session, address.toLowerCase()));
  if (!user) throw new HttpError('BAD_FIELD', 'user');
}

/** As it would have been written. */
function readBack({ type, active, description, options }: Gateway): GatewayBody {
  return { type, active, description, ...options };
}

async function writeGateway(services: Services, gateway: Gateway): Promise<Static<typeof gatewayResource>> {
  const { id, type, active, description, options } = gateway;
  return { id, type, active, description, ...options, ...(await getGatewayStatus(services, gateway)) };
}

/** Everything but the sending. Throws MessageError. */
function dryRun({ number: written, text }: Static<typeof testBody>): Static<typeof testResult> {
  const number = readNumber(written);
  if (number === undefined) throw new MessageError('BAD_NUMBER', 'number');
  if (text === '') throw new MessageError('EMPTY_MESSAGE', 'text');
  return { ids: [], parts: countParts(text), number, dryRun: true };
}
