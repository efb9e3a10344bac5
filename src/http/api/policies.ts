// `/policies`: what devices are asked for, by scope. What a scope does not name is as in the wider one.

import { type Static, type TSchema, Type } from 'typebox';
import { changePolicy, deletePolicy, findPolicy, type Policy } from '../../accounts/policies.js';
import { type PolicyField, policyFields, type PolicyFieldName } from '../../accounts/policy-fields.js';
import { listPolicies } from '../../store/policies.js';
import type { PolicyDocument } from '../../store/states.js';
import type { HttpServices } from '../services.js';
import { type Api, nothing, orNull, strictObject } from './api.js';
import { mergePatch } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';

const fields = Object.fromEntries(
  Object.entries(policyFields).map(([name, field]) => [name, schemaOf(field)]),
) as Record<PolicyFieldName, TSchema>;

function schemaOf(field: PolicyField): TSchema {
  const { about: description } = field;
  switch (field.kind) {
    case 'flag':
      return field.isFixed ? Type.Literal(field.value, { description }) : Type.Boolean({ description });
    case 'count':
      return Type.Integer({ minimum: field.least, maximum: field.most, description });
    case 'choice':
      return Type.Enum([...field.among], { description });
    case 'names': {
      const name = Type.String({ minLength: 1, maxLength: field.characters });
      return Type.Array(name, { maxItems: field.most, description });
    }
  }
}

const eachOf = (schema: (field: TSchema) => TSchema) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schema(field)]));

const policyBody = strictObject(eachOf((field) => Type.Optional(orNull(field))));

const listedPolicy = Type.Object({ scope: Type.String(), ...eachOf((field) => Type.Optional(field)) });

const policyResource = Type.Object({
  scope: Type.String({ description: '`server`, `domain:D`, `user:A` or `device:A:ID`' }),
  ...eachOf((field) => Type.Optional(field)),
  effective: Type.Object(fields, { description: 'what this scope comes to together with the wider ones' }),
});

const params = Type.Object({ scope: Type.String() });
const tags = ['policies'];

export function policyRoutes(api: Api, { store }: HttpServices): void {
  api.get(
    '/policies',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(listedPolicy) } } },
    async ({ query }) => {
      const read = (limit: number) => listPolicies(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ scope }) => scope);
      return { items: rows.map(({ scope, document }) => ({ scope, ...document })), next };
    },
  );
  const one = { tags, params, response: { 200: policyResource } };
  api.get('/policies/:scope', { schema: one }, async ({ params }) =>
    writePolicy(await findPolicy(store, params.scope)),
  );
  api.put('/policies/:scope', { schema: { ...one, body: policyBody } }, async ({ params, body }) =>
    writePolicy(await changePolicy(store, params.scope, () => documentOf({}, body))),
  );
  api.patch('/policies/:scope', { schema: { ...one, body: policyBody } }, async ({ params, body }) =>
    writePolicy(await changePolicy(store, params.scope, (before) => documentOf(before, body))),
  );
  api.delete(
    '/policies/:scope',
    { schema: { tags, params, response: { 204: nothing } } },
    async ({ params }, reply) => {
      await deletePolicy(store, params.scope);
      return reply.code(204).send(null);
    },
  );
}

// `null` and what a PUT leaves out is as in the wider scope.
function documentOf(before: PolicyDocument, body: unknown): PolicyDocument {
  return mergePatch(before, body);
}

function writePolicy({ scope, document, effective }: Policy): Static<typeof policyResource> {
  return { scope, ...document, effective };
}
