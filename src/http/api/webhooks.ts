// `/webhooks`: who is told of events over HTTP, and what they have not taken.

import { type Static, Type } from 'typebox';
import { findBadWebhookField, type WebhookOptions, webhookMethods } from '../../message/webhook-request.js';
import { shownUrl } from '../../rules/not-shown.js';
import type { Store } from '../../store/open.js';
import { eventNames } from '../../store/states.js';
import type { Webhook, WebhookCall } from '../../store/tables.js';
import { countCalls, listCalls } from '../../store/webhook-calls.js';
import { deleteWebhook, findWebhook, listWebhooks, putWebhook } from '../../store/webhooks.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, line, nothing, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { type Caller, callerOf, mayWrite } from './caller.js';
import { refuseHidden, shownHeaders } from './hidden-fields.js';
import { mergePatch, withoutNulls } from './merge-patch.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';

const events = Type.Array(Type.Enum([...eventNames]), { minItems: 1, maxItems: eventNames.length, uniqueItems: true });
const url = line(8_000);
const method = Type.Enum([...webhookMethods]);
const headers = Type.Record(Type.String(), Type.String());

const webhookBody = strictObject({
  url: Type.Optional(url),
  events: Type.Optional(events),
  secret: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 1_000 }))),
  active: Type.Optional(orNull(Type.Boolean())),
  method: Type.Optional(orNull(method)),
  headers: Type.Optional(orNull(Type.Record(Type.String(), orNull(Type.String())))),
});
type WebhookBody = Static<typeof webhookBody>;
const secretive = ['url', 'headers'] as const;

const webhookResource = Type.Object({
  id: Type.String(),
  url: Type.String({
    description:
      'may hold variables of the URL templates, such as %from% and %data%; a token that may only read is shown the host, ' +
      'and of headers the names',
  }),
  events,
  active: Type.Boolean(),
  method,
  headers,
  hasSecret: Type.Boolean({ description: 'calls are signed' }),
  lastError: orNull(Type.String({ description: 'null once a call was taken again' })),
  waiting: Type.Integer({ description: 'events on their way' }),
  givenUp: Type.Integer({ description: 'events that were not taken in time and are kept to be looked at' }),
  createdAt: instant,
});

const callResource = Type.Object({
  event: Type.Unknown({ description: 'as it is told' }),
  state: Type.Enum(['waiting', 'given-up']),
  attempts: Type.Integer(),
  lastError: orNull(Type.String()),
  dueAt: orNull(instant),
  createdAt: instant,
});

type WebhookResource = Static<typeof webhookResource>;

const webhookId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
const params = Type.Object({ id: Type.String() });
const tags = ['webhooks'];
const listQuery = strictObject(pageQuery);

export function webhookRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  api.get(
    '/webhooks',
    { schema: { tags, querystring: listQuery, response: { 200: pageOf(webhookResource) } } },
    async (request) => {
      const { query } = request;
      const read = (limit: number) => listWebhooks(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ id }) => id);
      return { items: (await writeWebhooks(store, rows)).map((each) => shownTo(callerOf(request), each)), next };
    },
  );
  const one = { tags, params, response: { 200: webhookResource } };
  api.get('/webhooks/:id', { schema: one }, async (request) =>
    shownTo(callerOf(request), await show(store, request.params.id)),
  );
  const put = { ...one, params: Type.Object({ id: webhookId }), body: webhookBody };
  api.put('/webhooks/:id', { schema: put }, async ({ params, body }) =>
    write(services, params.id, refuseHidden(body, secretive)),
  );
  api.patch('/webhooks/:id', { schema: { ...one, body: webhookBody } }, async ({ params, body }) =>
    write(services, params.id, mergePatch(readBack(await find(store, params.id)), refuseHidden(body, secretive))),
  );
  api.delete('/webhooks/:id', { schema: { tags, params, response: { 204: nothing } } }, async ({ params }, reply) => {
    const wasThere = await store.transact((tx) => deleteWebhook(tx, params.id));
    if (!wasThere) throw new HttpError('NO_SUCH_WEBHOOK');
    return reply.code(204).send(null);
  });
  api.get(
    '/webhooks/:id/calls',
    { schema: { tags, params, querystring: listQuery, response: { 200: pageOf(callResource) } } },
    async ({ params, query }) => {
      const { id: webhook } = await find(store, params.id);
      const after = readRowCursor(query.cursor);
      const read = (limit: number) => listCalls(store, { webhook, limit, after });
      const { rows, next } = await readPage(query, read, ({ id }) => String(id));
      return { items: rows.map(writeCall), next };
    },
  );
}

/** Throws HttpError NO_SUCH_WEBHOOK. */
async function find(store: Store, id: string): Promise<Webhook> {
  const webhook = await findWebhook(store, id);
  if (!webhook) throw new HttpError('NO_SUCH_WEBHOOK');
  return webhook;
}

async function show(store: Store, id: string): Promise<WebhookResource> {
  return (await writeWebhooks(store, [await find(store, id)]))[0]!;
}

/** Throws HttpError BAD_FIELD. */
async function write({ store, now }: HttpServices, id: string, body: WebhookBody): Promise<WebhookResource> {
  const { url, events, secret = null, active = true, ...options } = withoutNulls(body);
  if (url === undefined || events === undefined) throw new HttpError('BAD_FIELD', url === undefined ? 'url' : 'events');
  const row = { id, url, events, secret, active, options };
  const field = findBadWebhookField(row);
  if (field !== undefined) throw new HttpError('BAD_FIELD', field);
  await store.transact((tx) => putWebhook(tx, { ...row, now: now() }));
  return show(store, id);
}

/** As it would have been written. */
function readBack({ url, events, secret, active, options }: Webhook): WebhookBody {
  return { url, events, secret, active, ...(options as WebhookOptions) };
}

async function writeWebhooks(store: Store, rows: readonly Webhook[]): Promise<WebhookResource[]> {
  const counts = await countCalls(
    store,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, url, events, active, secret, options, lastError, createdAt }) => {
    const { method = 'POST', headers = {} } = options as WebhookOptions;
    const { waiting = 0, givenUp = 0 } = counts.get(id) ?? {};
    const shown = { id, url, events, active, method, headers, hasSecret: secret !== null };
    return { ...shown, lastError, waiting, givenUp, createdAt: writeInstant(createdAt) };
  });
}

function shownTo(caller: Caller, webhook: WebhookResource): WebhookResource {
  if (mayWrite(caller)) return webhook;
  return { ...webhook, url: shownUrl(webhook.url), headers: shownHeaders(webhook.headers) };
}

function writeCall({ event, attempts, lastError, dueAt, createdAt }: WebhookCall): Static<typeof callResource> {
  const times = { dueAt: writeInstantOrNull(dueAt), createdAt: writeInstant(createdAt) };
  return { event, state: dueAt === null ? 'given-up' : 'waiting', attempts, lastError, ...times };
}
