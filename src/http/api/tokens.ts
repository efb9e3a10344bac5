// `/tokens`: who else may use this API, and for what.

import { type Static, Type } from 'typebox';
import { deleteToken, findToken, makeToken } from '../../accounts/tokens.js';
import { tokenScopes } from '../../store/states.js';
import type { Token } from '../../store/tables.js';
import { listTokens } from '../../store/tokens.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, nothing, orNull, strictObject, writeInstant } from './api.js';
import { pageOf, pageQuery, readPage } from './page.js';

const scopes = Type.Array(Type.Enum([...tokenScopes]), { minItems: 1, maxItems: 10 });

const tokenBody = strictObject({
  scopes,
  gateway: Type.Optional(orNull(Type.String({ maxLength: 64, description: 'the only one it may send through' }))),
});

const tokenResource = Type.Object({
  name: Type.String(),
  scopes,
  gateway: orNull(Type.String()),
  createdAt: instant,
});

const newToken = Type.Object({
  ...tokenResource.properties,
  token: Type.String({ description: 'shown this once and never again' }),
});

const params = Type.Object({ name: Type.String() });
const tags = ['tokens'];

export function tokenRoutes(api: Api, { store, now }: HttpServices): void {
  api.get(
    '/tokens',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(tokenResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listTokens(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ name }) => name);
      return { items: rows.map(writeToken), next };
    },
  );
  api.get('/tokens/:name', { schema: { tags, params, response: { 200: tokenResource } } }, async ({ params }) =>
    writeToken(await findToken(store, params.name)),
  );
  api.put(
    '/tokens/:name',
    { schema: { tags, params, body: tokenBody, response: { 201: newToken } } },
    async ({ params, body }, reply) => {
      const { scopes, gateway = null } = body;
      const token = await makeToken(store, { name: params.name, scopes, gateway, now: now() });
      return reply.code(201).send({ ...writeToken(await findToken(store, params.name)), token });
    },
  );
  api.delete('/tokens/:name', { schema: { tags, params, response: { 204: nothing } } }, async ({ params }, reply) => {
    await deleteToken(store, params.name);
    return reply.code(204).send(null);
  });
}

function writeToken({ name, scopes, gateway, createdAt }: Token): Static<typeof tokenResource> {
  return { name, scopes, gateway, createdAt: writeInstant(createdAt) };
}
