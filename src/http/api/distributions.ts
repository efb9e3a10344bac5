// `/mailing-lists` and `/notifications`: addresses that stand for others. Passwords in the addresses of numbers are written, never
// read back; a member that comes without one keeps what it had.

import { type Static, Type } from 'typebox';
import { AccountError } from '../../accounts/errors.js';
import { readAddress } from '../../accounts/names.js';
import { isOfExtension, readTextAddress } from '../../message/mail-recipients.js';
import { unknownVariables } from '../../message/notification.js';
import {
  deleteDistribution,
  type Distribution,
  getDistribution,
  listDistributions,
  putDistribution,
} from '../../store/distributions.js';
import type { Store } from '../../store/open.js';
import type { DistributionKind } from '../../store/states.js';
import { getUser } from '../../store/users.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, nothing, orNull, strictObject } from './api.js';
import { mergePatch, withoutNulls } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';

const targets = Type.Array(Type.String({ minLength: 1, maxLength: 2_000 }), { maxItems: 500 });
const template = Type.String({ minLength: 1, maxLength: 2_000, description: '%%subject%%, %%from%%, %%size%% …' });

const listBody = strictObject({ members: Type.Optional(orNull(targets)) });
const notificationBody = strictObject({
  template: Type.Optional(orNull(template)),
  to: Type.Optional(orNull(targets)),
});
const listResource = Type.Object({ address: Type.String(), members: targets });
const notificationResource = Type.Object({ address: Type.String(), template, to: targets });

const defaultTemplate = '%%from%%: %%subject%% (%%size%%)';
const params = Type.Object({ address: Type.String() });

export function mailingListRoutes(api: Api, { store, now }: HttpServices): void {
  const tags = ['mailing-lists'];
  const show = (list: Distribution): Static<typeof listResource> => {
    return { address: list.address, members: list.targets.map(withoutPassword) };
  };
  const write = async (address: string, body: Static<typeof listBody>) => {
    const { members = [] } = withoutNulls(body);
    const given = { address, kind: 'list', template: null, targets: members } as const;
    return show(await save(store, { given, field: 'members', now: now() }));
  };
  const one = { tags, params, response: { 200: listResource } };
  api.get(
    '/mailing-lists',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(listResource) } } },
    async ({ query }) => {
      const { rows, next } = await pageOfKind(store, 'list', query);
      return { items: rows.map(show), next };
    },
  );
  api.get('/mailing-lists/:address', { schema: one }, async ({ params }) =>
    show(await find(store, 'list', params.address)),
  );
  api.put('/mailing-lists/:address', { schema: { ...one, body: listBody } }, async ({ params, body }) =>
    write(params.address, body),
  );
  api.patch('/mailing-lists/:address', { schema: { ...one, body: listBody } }, async ({ params, body }) =>
    write(params.address, mergePatch({ members: show(await find(store, 'list', params.address)).members }, body)),
  );
  const removal = { schema: { tags, params, response: { 204: nothing } } };
  api.delete('/mailing-lists/:address', removal, async ({ params }, reply) => {
    await remove(store, 'list', params.address);
    return reply.code(204).send(null);
  });
}

export function notificationRoutes(api: Api, { store, now }: HttpServices): void {
  const tags = ['notifications'];
  const show = (account: Distribution): Static<typeof notificationResource> => {
    const { address, template, targets } = account;
    return { address, template: template ?? defaultTemplate, to: targets.map(withoutPassword) };
  };
  const write = async (address: string, body: Static<typeof notificationBody>) => {
    const { template = defaultTemplate, to = [] } = withoutNulls(body);
    if (unknownVariables(template).length > 0) throw new HttpError('BAD_FIELD', 'template');
    // What is no number has no text: a mail goes on by a list.
    if (to.some((each) => readTextAddress(each) === undefined)) throw new HttpError('BAD_FIELD', 'to');
    const given = { address, kind: 'notification', template, targets: to } as const;
    return show(await save(store, { given, field: 'to', now: now() }));
  };
  const one = { tags, params, response: { 200: notificationResource } };
  api.get(
    '/notifications',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(notificationResource) } } },
    async ({ query }) => {
      const { rows, next } = await pageOfKind(store, 'notification', query);
      return { items: rows.map(show), next };
    },
  );
  api.get('/notifications/:address', { schema: one }, async ({ params }) =>
    show(await find(store, 'notification', params.address)),
  );
  api.put('/notifications/:address', { schema: { ...one, body: notificationBody } }, async ({ params, body }) =>
    write(params.address, body),
  );
  api.patch('/notifications/:address', { schema: { ...one, body: notificationBody } }, async ({ params, body }) =>
    write(params.address, mergePatch(withoutAddress(show(await find(store, 'notification', params.address))), body)),
  );
  const removal = { schema: { tags, params, response: { 204: nothing } } };
  api.delete('/notifications/:address', removal, async ({ params }, reply) => {
    await remove(store, 'notification', params.address);
    return reply.code(204).send(null);
  });
}

function withoutAddress({ template, to }: Static<typeof notificationResource>) {
  return { template, to };
}

async function pageOfKind(store: Store, kind: DistributionKind, query: { limit?: number; cursor?: string }) {
  const read = (limit: number) => listDistributions(store, { kind, limit, after: query.cursor });
  return readPage(query, read, ({ address }) => address);
}

/** Throws HttpError NO_SUCH_DISTRIBUTION. */
async function find(store: Store, kind: DistributionKind, address: string): Promise<Distribution> {
  const found = await store.read((session) => getDistribution(session, address.toLowerCase()));
  if (found?.kind !== kind) throw new HttpError('NO_SUCH_DISTRIBUTION');
  return found;
}

async function remove(store: Store, kind: DistributionKind, address: string): Promise<void> {
  const found = await find(store, kind, address);
  await store.transact((tx) => deleteDistribution(tx, found.address));
}

interface Saved {
  given: Distribution;
  /** Where the targets stand. */
  field: string;
  now: number;
}

/** Throws HttpError BAD_FIELD, AccountError ADDRESS_TAKEN. */
async function save(store: Store, { given, field, now }: Saved): Promise<Distribution> {
  const address = readAddress(given.address)?.address;
  if (address === undefined) throw new HttpError('BAD_FIELD', 'address');
  if (!given.targets.every(isReachable)) throw new HttpError('BAD_FIELD', field);
  // What stands before the colon there is the protocol's own.
  if (/^sms(?:to)?@/.test(address) && given.targets.some(isOfExtension)) throw new HttpError('BAD_FIELD', 'address');
  return store.transact(function* (tx) {
    const known = yield* getDistribution(tx, address);
    const isTaken = (known && known.kind !== given.kind) || (yield* getUser(tx, address)) !== undefined;
    if (isTaken) throw new AccountError('ADDRESS_TAKEN');
    const passwords = new Map(known?.targets.map((each) => [withoutPassword(each), each]));
    const targets = given.targets.map((each) => passwords.get(each) ?? each);
    const distribution = { ...given, address, targets };
    yield* putDistribution(tx, { ...distribution, now });
    return distribution;
  });
}

function isReachable(target: string): boolean {
  return readTextAddress(target) !== undefined || isOfExtension(target) || readAddress(target) !== undefined;
}

const passwordParameter = /([?&]pass=)[^&@"]*/i;

function withoutPassword(target: string): string {
  return target.replace(passwordParameter, '$1');
}
