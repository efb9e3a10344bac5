// `/sms-accounts` and `/groups`: who shares a password, a gateway, a last day and a limit.

import { type Static, Type } from 'typebox';
import {
  deleteGroup,
  deleteSmsAccount,
  findGroup,
  findSmsAccount,
  patchSmsAccount,
  putGroup,
  putSmsAccount,
} from '../../accounts/sms-accounts.js';
import type { Store } from '../../store/open.js';
import { listGroups, listSmsAccounts } from '../../store/sms-accounts.js';
import { counterOfAccount, listCounts } from '../../store/sms-counters.js';
import type { Group, SmsAccount } from '../../store/tables.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, line, nothing, orNull, strictObject, writeInstant } from './api.js';
import { pageOf, pageQuery, readPage } from './page.js';
import {
  counters,
  countersBody,
  gatewayName,
  lastDay,
  monthlyLimit,
  readLastSent,
  writeCounts,
} from './sms-account-schema.js';

const members = Type.Array(line(), { maxItems: 10_000, description: 'users, group:NAME, domain:NAME' });

const accountBody = strictObject({
  active: Type.Optional(orNull(Type.Boolean())),
  password: Type.Optional(orNull(Type.String({ description: 'written, never read back; empty for none' }))),
  description: Type.Optional(orNull(line(1_000))),
  gateway: Type.Optional(orNull(gatewayName)),
  expires: Type.Optional(orNull(lastDay)),
  monthlyLimit: Type.Optional(orNull(monthlyLimit)),
  members: Type.Optional(orNull(members)),
  ...countersBody,
});

const accountResource = Type.Object({
  name: Type.String(),
  active: Type.Boolean(),
  hasPassword: Type.Boolean(),
  description: orNull(Type.String()),
  gateway: orNull(Type.String()),
  expires: orNull(Type.String()),
  monthlyLimit,
  members,
  ...counters,
  createdAt: instant,
});

const groupBody = strictObject({ members: Type.Optional(orNull(Type.Array(line(), { maxItems: 10_000 }))) });
const groupResource = Type.Object({ name: Type.String(), members: Type.Array(Type.String()), createdAt: instant });

const params = Type.Object({ name: Type.String() });
const listQuery = strictObject(pageQuery);

export function smsAccountRoutes(api: Api, { store, now }: HttpServices): void {
  const tags = ['sms-accounts'];
  api.get(
    '/sms-accounts',
    { schema: { tags, querystring: listQuery, response: { 200: pageOf(accountResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listSmsAccounts(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ name }) => name);
      return { items: await writeAccounts(store, rows, now()), next };
    },
  );
  const one = { tags, params, response: { 200: accountResource } };
  const written = { ...one, body: accountBody };
  const show = async (account: SmsAccount) => (await writeAccounts(store, [account], now()))[0]!;
  api.get('/sms-accounts/:name', { schema: one }, async ({ params }) => show(await findSmsAccount(store, params.name)));
  api.put('/sms-accounts/:name', { schema: written }, async ({ params, body }) =>
    show(await putSmsAccount(store, params.name, readBody(body, now()))),
  );
  api.patch('/sms-accounts/:name', { schema: written }, async ({ params, body }) =>
    show(await patchSmsAccount(store, params.name, readBody(body, now()))),
  );
  api.delete(
    '/sms-accounts/:name',
    { schema: { tags, params, response: { 204: nothing } } },
    async ({ params }, reply) => {
      await deleteSmsAccount(store, params.name);
      return reply.code(204).send(null);
    },
  );
}

export function groupRoutes(api: Api, { store, now }: HttpServices): void {
  const tags = ['groups'];
  api.get(
    '/groups',
    { schema: { tags, querystring: listQuery, response: { 200: pageOf(groupResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listGroups(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ name }) => name);
      return { items: rows.map(writeGroup), next };
    },
  );
  const one = { tags, params, response: { 200: groupResource } };
  api.get('/groups/:name', { schema: one }, async ({ params }) => writeGroup(await findGroup(store, params.name)));
  api.put('/groups/:name', { schema: { ...one, body: groupBody } }, async ({ params, body }) =>
    writeGroup(await putGroup(store, params.name, body.members ?? [], now())),
  );
  api.patch('/groups/:name', { schema: { ...one, body: groupBody } }, async ({ params, body }) => {
    const known = await findGroup(store, params.name);
    const members = body.members === undefined ? known.members : (body.members ?? []);
    return writeGroup(await putGroup(store, known.name, members, now()));
  });
  api.delete('/groups/:name', { schema: { tags, params, response: { 204: nothing } } }, async ({ params }, reply) => {
    await deleteGroup(store, params.name);
    return reply.code(204).send(null);
  });
}

function readBody({ lastSent, ...fields }: Static<typeof accountBody>, now: number) {
  return { ...fields, ...(lastSent !== undefined && { lastSent: readLastSent(lastSent)! }), now };
}

async function writeAccounts(
  store: Store,
  rows: readonly SmsAccount[],
  now: number,
): Promise<Static<typeof accountResource>[]> {
  const subjects = rows.map(({ name }) => counterOfAccount(name));
  const counts = await listCounts(store, subjects, now);
  return rows.map(({ passwordHash, createdAt, ...account }) => ({
    ...account,
    hasPassword: passwordHash !== null,
    ...writeCounts(counts.get(counterOfAccount(account.name))!),
    createdAt: writeInstant(createdAt),
  }));
}

function writeGroup({ name, members, createdAt }: Group): Static<typeof groupResource> {
  return { name, members, createdAt: writeInstant(createdAt) };
}
