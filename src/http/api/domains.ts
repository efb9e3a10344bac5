// `/domains`: what holds for all users of a mail domain.

import { type Static, Type } from 'typebox';
import { deleteDomain, type DomainFields, findDomain, patchDomain, replaceDomain } from '../../accounts/domains.js';
import { listDomains } from '../../store/domains.js';
import { deviceStates, type SmsSettings } from '../../store/states.js';
import type { Domain } from '../../store/tables.js';
import type { HttpServices } from '../services.js';
import { type Api, nothing, orNull, strictObject } from './api.js';
import { mergePatch } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';
import { smsSettings, smsSettingsBody } from './sms-account-schema.js';

const smsAccess = Type.Enum(['allowed', 'denied']);
const deviceDefaultState = Type.Enum([...deviceStates]);

const domainBody = strictObject({
  smsAccess: Type.Optional(orNull(smsAccess)),
  deviceDefaultState: Type.Optional(orNull(deviceDefaultState)),
  smsSettings: Type.Optional(orNull(smsSettingsBody)),
});

const domainResource = Type.Object({
  name: Type.String(),
  smsAccess,
  deviceDefaultState: orNull(deviceDefaultState),
  smsSettings: orNull(smsSettings),
});

const params = Type.Object({ domain: Type.String() });
const tags = ['domains'];

export function domainRoutes(api: Api, { store }: HttpServices): void {
  api.get(
    '/domains',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(domainResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listDomains(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ name }) => name);
      return { items: rows.map(writeDomain), next };
    },
  );
  const one = { tags, params, response: { 200: domainResource } };
  api.get('/domains/:domain', { schema: one }, async ({ params }) =>
    writeDomain(await findDomain(store, params.domain)),
  );
  api.put('/domains/:domain', { schema: { ...one, body: domainBody } }, async ({ params, body }) =>
    writeDomain(await replaceDomain(store, params.domain, readBody(body))),
  );
  api.patch('/domains/:domain', { schema: { ...one, body: domainBody } }, async ({ params, body }) => {
    const { smsSettings } = body.smsSettings ? await findDomain(store, params.domain) : { smsSettings: null };
    return writeDomain(await patchDomain(store, params.domain, readBody(body, smsSettings ?? {})));
  });
  api.delete(
    '/domains/:domain',
    { schema: { tags, params, response: { 204: nothing } } },
    async ({ params }, reply) => {
      await deleteDomain(store, params.domain);
      return reply.code(204).send(null);
    },
  );
}

/** What is said of `smsSettings` is a merge patch of what there is. */
function readBody({ smsSettings, ...fields }: Static<typeof domainBody>, known: SmsSettings = {}): DomainFields {
  const merged = smsSettings && mergePatch(known, smsSettings);
  return { ...fields, ...(merged !== undefined && { smsSettings: merged }) };
}

function writeDomain({ name, smsAccess, deviceDefaultState, smsSettings }: Domain): Static<typeof domainResource> {
  return { name, smsAccess, deviceDefaultState, smsSettings };
}
