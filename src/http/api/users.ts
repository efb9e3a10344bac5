// `/users`: who has a mailbox here, under which names, and may send.

import { type Static, Type } from 'typebox';
import { deleteUser, findUser, patchUser, putUser } from '../../accounts/users.js';
import { accessModes } from '../../store/states.js';
import type { User } from '../../store/tables.js';
import { listUsers } from '../../store/users.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, line, nothing, orNull, strictObject, writeInstant } from './api.js';
import { pageOf, pageQuery, readPage } from './page.js';

const smsAccess = Type.Enum([...accessModes]);
const aliases = Type.Array(line(), { maxItems: 100 });

const userBody = strictObject({
  password: Type.Optional(orNull(Type.String({ description: 'written, never read back' }))),
  displayName: Type.Optional(orNull(line())),
  phoneNumber: Type.Optional(orNull(line(40))),
  aliases: Type.Optional(orNull(aliases)),
  smsAccess: Type.Optional(orNull(smsAccess)),
  admin: Type.Optional(orNull(Type.Boolean())),
});

const userResource = Type.Object({
  address: Type.String(),
  domain: Type.String(),
  displayName: orNull(Type.String()),
  phoneNumber: orNull(Type.String()),
  aliases,
  smsAccess,
  admin: Type.Boolean(),
  hasPassword: Type.Boolean(),
  createdAt: instant,
});

const params = Type.Object({ address: Type.String() });
const tags = ['users'];

export function userRoutes(api: Api, { store, now }: HttpServices): void {
  api.get(
    '/users',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(userResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listUsers(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ address }) => address);
      return { items: rows.map(writeUser), next };
    },
  );
  const one = { tags, params, response: { 200: userResource } };
  api.get('/users/:address', { schema: one }, async ({ params }) => writeUser(await findUser(store, params.address)));
  api.put(
    '/users/:address',
    { schema: { tags, params, body: userBody, response: { 200: userResource, 201: userResource } } },
    async ({ params, body }, reply) => {
      const { user, isNew } = await putUser(store, params.address, { ...body, now: now() });
      return reply.code(isNew ? 201 : 200).send(writeUser(user));
    },
  );
  api.patch('/users/:address', { schema: { ...one, body: userBody } }, async ({ params, body }) =>
    writeUser(await patchUser(store, params.address, body)),
  );
  api.delete('/users/:address', { schema: { tags, params, response: { 204: nothing } } }, async ({ params }, reply) => {
    await deleteUser(store, params.address);
    return reply.code(204).send(null);
  });
}

function writeUser(user: User): Static<typeof userResource> {
  const { address, domain, displayName, phoneNumber, aliases, smsAccess, admin } = user;
  return {
    address,
    domain,
    displayName,
    phoneNumber,
    aliases,
    smsAccess,
    admin,
    hasPassword: user.passwordHash !== null,
    createdAt: writeInstant(user.createdAt),
  };
}
