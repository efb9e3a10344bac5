// `/users`: who has a mailbox here, under which names, and may send.

import { type Static, Type } from 'typebox';
import { AccountError } from '../../accounts/errors.js';
import { deleteUser, findUser, patchUser, putUser, type UserFields } from '../../accounts/users.js';
import { readForwardText } from '../../message/forward-text.js';
import { isOfNumber } from '../../message/mail-recipients.js';
import type { Store } from '../../store/open.js';
import { counterOfUser, listCounts } from '../../store/sms-counters.js';
import { accessModes, type SmsSettings } from '../../store/states.js';
import type { User } from '../../store/tables.js';
import { listUsers } from '../../store/users.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, line, nothing, orNull, strictObject, writeInstant } from './api.js';
import { mergePatch } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';
import {
  counters,
  countersBody,
  readLastSent,
  smsSettings,
  smsSettingsBody,
  writeCounts,
} from './sms-account-schema.js';

const smsAccess = Type.Enum([...accessModes]);
const aliases = Type.Array(line(), { maxItems: 100 });
const forwardTo = Type.Array(line(500), {
  maxItems: 20,
  description:
    'to which what comes into the Inbox goes on: addresses of mail, and numbers as `sms:+15551234567?maxmsgs=2`',
});

const userBody = strictObject({
  password: Type.Optional(orNull(Type.String({ description: 'written, never read back' }))),
  displayName: Type.Optional(orNull(line())),
  phoneNumber: Type.Optional(orNull(line(40))),
  aliases: Type.Optional(orNull(aliases)),
  smsAccess: Type.Optional(orNull(smsAccess)),
  forwardTo: Type.Optional(orNull(forwardTo)),
  smsSettings: Type.Optional(orNull(smsSettingsBody)),
  admin: Type.Optional(orNull(Type.Boolean())),
  ...countersBody,
});

const userResource = Type.Object({
  address: Type.String(),
  domain: Type.String(),
  displayName: orNull(Type.String()),
  phoneNumber: orNull(Type.String()),
  aliases,
  smsAccess,
  forwardTo,
  smsSettings: orNull(smsSettings),
  admin: Type.Boolean(),
  hasPassword: Type.Boolean(),
  ...counters,
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
      return { items: await writeUsers(store, rows, now()), next };
    },
  );
  const one = { tags, params, response: { 200: userResource } };
  const show = async (user: User) => (await writeUsers(store, [user], now()))[0]!;
  api.get('/users/:address', { schema: one }, async ({ params }) => show(await findUser(store, params.address)));
  api.put(
    '/users/:address',
    { schema: { tags, params, body: userBody, response: { 200: userResource, 201: userResource } } },
    async ({ params, body }, reply) => {
      const { user, isNew } = await putUser(store, params.address, { ...readBody(body), now: now() });
      return reply.code(isNew ? 201 : 200).send(await show(user));
    },
  );
  api.patch('/users/:address', { schema: { ...one, body: userBody } }, async ({ params, body }) => {
    const { smsSettings } = body.smsSettings ? await findUser(store, params.address) : { smsSettings: null };
    const change = { ...readBody(body, smsSettings ?? {}), now: now() };
    return show(await patchUser(store, params.address, change));
  });
  api.delete('/users/:address', { schema: { tags, params, response: { 204: nothing } } }, async ({ params }, reply) => {
    await deleteUser(store, params.address);
    return reply.code(204).send(null);
  });
}

/** What is said of `smsSettings` is a merge patch of what there is. */
function readBody(body: Static<typeof userBody>, known: SmsSettings = {}): UserFields {
  const { lastSent, smsSettings, forwardTo, ...fields } = body;
  return {
    ...fields,
    ...(forwardTo !== undefined && { forwardTo: forwardTo && forwardTo.map(readForward) }),
    ...(smsSettings !== undefined && { smsSettings: smsSettings && mergePatch(known, smsSettings) }),
    ...(lastSent !== undefined && { lastSent: readLastSent(lastSent)! }),
  };
}

/** Throws AccountError BAD_FORWARD. */
function readForward(written: string): string {
  if (!isOfNumber(written)) return written;
  const address = readForwardText(written);
  if (address === undefined) throw new AccountError('BAD_FORWARD', 'forwardTo');
  return address;
}

async function writeUsers(store: Store, users: readonly User[], now: number): Promise<Static<typeof userResource>[]> {
  const subjects = users.map(({ id }) => counterOfUser(id));
  const counts = await listCounts(store, subjects, now);
  return users.map((user) => {
    const { address, domain, displayName, phoneNumber, aliases, smsAccess, forwardTo, smsSettings, admin } = user;
    return {
      ...{ address, domain, displayName, phoneNumber, aliases, smsAccess, forwardTo, smsSettings, admin },
      hasPassword: user.passwordHash !== null,
      ...writeCounts(counts.get(counterOfUser(user.id))!),
      createdAt: writeInstant(user.createdAt),
    };
  });
}
