// `/rules/outgoing` and `/rules/incoming`: the ordered lists, one rule of them, trying them, and XML.

import { type Static, Type } from 'typebox';
import type { Rule } from '../../rules/rule.js';
import { changeRules, type KeptRule, listRules, saveRules } from '../../message/rule-list.js';
import { countMatches, tryRules } from '../../message/rule-trial.js';
import { ruleDirections } from '../../store/states.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, nothing, strictObject } from './api.js';
import { callerOf } from './caller.js';
import { mergePatch } from './merge-patch.js';
import { ruleList, ruleResource, showRule, writeRule, writeRules } from './rule-document.js';
import { ruleEffectRoutes } from './rule-effects.js';
import { readRule, type RuleBody } from './rule-shape.js';
import { ruleXmlRoutes } from './rule-xml.js';
import { outcomeResource, triedBody, readTried, writeOutcome } from './rule-outcome.js';

const title = Type.String({ minLength: 1, maxLength: 256 });

const fields = {
  title,
  enabled: Type.Optional(Type.Boolean({ description: 'true unless it is said otherwise' })),
  conditions: Type.Optional(Type.Array(Type.Unknown({ description: 'as in the answer; all of them must hold' }))),
  actions: Type.Optional(Type.Array(Type.Unknown({ description: 'as in the answer; done in this order' }))),
};

const ruleBody = strictObject(fields);
const listedBody = strictObject({
  id: Type.Optional(Type.String({ maxLength: 64, description: 'as it was read: the rule stays the same one' })),
  ...fields,
});
const rulePatch = strictObject({
  title: Type.Optional(title),
  enabled: Type.Optional(Type.Boolean()),
  conditions: fields.conditions,
  actions: fields.actions,
});

const mostRules = 10_000;
const directionParams = { direction: Type.Enum([...ruleDirections]) };
const params = Type.Object(directionParams);
const oneParams = Type.Object({ ...directionParams, id: Type.String() });
const tags = ['rules'];

const countsResource = Type.Object({
  messages: Type.Integer(),
  rules: Type.Array(Type.Object({ title: Type.String(), matched: Type.Integer() })),
  verdicts: Type.Object({ accept: Type.Integer(), reject: Type.Integer(), delete: Type.Integer() }),
  effects: Type.Record(Type.String(), Type.Integer()),
  changed: Type.Integer({ description: 'messages that would have gone another way, or with other words' }),
});

export function ruleRoutes(api: Api, services: HttpServices): void {
  listRoutes(api, services);
  oneRuleRoutes(api, services);
  trialRoutes(api, services);
  ruleEffectRoutes(api, services);
  ruleXmlRoutes(api, services);
}

function listRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  const list = { tags, params, response: { 200: ruleList } };
  api.get('/rules/:direction', { schema: list }, async (request) =>
    (await listRules(store, request.params.direction)).map((rule) => showRule(rule, callerOf(request))),
  );
  const body = Type.Array(listedBody, { maxItems: mostRules });
  api.put('/rules/:direction', { schema: { ...list, body } }, async ({ params, body }) => {
    const rules = body.map(({ id, ...rule }, n) => ({ ...(id !== undefined && { id }), ...readRule(rule, `${n}.`) }));
    return writeRules(await saveRules(services, params.direction, rules));
  });
  const order = {
    ...list,
    body: Type.Array(Type.String(), { maxItems: mostRules, description: 'the ids of all rules' }),
  };
  api.post('/rules/:direction/order', { schema: order }, async ({ params, body }) =>
    writeRules(await changeRules(services, params.direction, (rules) => ordered(rules, body))),
  );
}

/** Throws HttpError BAD_FIELD. */
function ordered(rules: readonly KeptRule[], ids: readonly string[]): KeptRule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const found = ids.flatMap((id) => byId.get(id) ?? []);
  const isEach = found.length === rules.length && new Set(ids).size === ids.length && ids.length === rules.length;
  // Somebody may have added one meanwhile: it must not vanish.
  if (!isEach) throw new HttpError('BAD_FIELD', 'ids');
  return found;
}

function oneRuleRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  const one = { tags, params: oneParams, response: { 200: ruleResource } };
  const added = { tags, params, body: ruleBody, response: { 201: ruleResource } };
  api.post('/rules/:direction', { schema: added }, async ({ params, body }, reply) => {
    const rules = await changeRules(services, params.direction, (before) => [...before, readRule(body)]);
    return reply.code(201).send(writeRule(rules.at(-1)!));
  });
  api.get('/rules/:direction/:id', { schema: one }, async (request) => {
    const { direction, id } = request.params;
    return showRule(find(await listRules(store, direction), id), callerOf(request));
  });
  const change = async ({ direction, id }: Static<typeof oneParams>, make: (rule: KeptRule) => RuleBody) => {
    const rules = await changeRules(services, direction, (before) => {
      const found = find(before, id);
      return before.map((rule) => (rule === found ? { id, ...readRule(make(rule)) } : rule));
    });
    return writeRule(find(rules, id));
  };
  api.put('/rules/:direction/:id', { schema: { ...one, body: ruleBody } }, async ({ params, body }) =>
    change(params, () => body),
  );
  api.patch('/rules/:direction/:id', { schema: { ...one, body: rulePatch } }, async ({ params, body }) =>
    change(params, ({ title, enabled, conditions, actions }) =>
      mergePatch({ title, enabled, conditions, actions }, body),
    ),
  );
  const gone = { tags, params: oneParams, response: { 204: nothing } };
  api.delete('/rules/:direction/:id', { schema: gone }, async ({ params }, reply) => {
    await changeRules(services, params.direction, (before) => {
      const found = find(before, params.id);
      return before.filter((rule) => rule !== found);
    });
    return reply.code(204).send(null);
  });
}

function trialRoutes(api: Api, services: HttpServices): void {
  const rules = Type.Optional(
    Type.Array(listedBody, { maxItems: mostRules, description: 'in place of those that are kept' }),
  );
  const testBody = strictObject({ ...triedBody.properties, rules });
  const tested = { tags, params, body: testBody, response: { 200: outcomeResource } };
  api.post('/rules/:direction/test', { schema: tested }, async ({ params, body }) => {
    const trial = { direction: params.direction, rules: readGiven(body.rules) };
    return writeOutcome(await tryRules(services, trial, readTried(body)));
  });
  const countBody = strictObject({ last: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })), rules });
  const counted = { tags, params, body: countBody, response: { 200: countsResource } };
  api.post('/rules/:direction/dry-run', { schema: counted }, async ({ params, body }) => {
    const trial = { direction: params.direction, rules: readGiven(body.rules) };
    return countMatches(services, trial, body.last ?? 100);
  });
}

function readGiven(rules: readonly (RuleBody & { id?: string })[] | undefined): Rule[] | undefined {
  return rules?.map((rule, n) => readRule(rule, `rules.${n}.`));
}

/** Throws HttpError NO_SUCH_RULE. */
function find(rules: readonly KeptRule[], id: string): KeptRule {
  const rule = rules.find((each) => each.id === id);
  if (!rule) throw new HttpError('NO_SUCH_RULE');
  return rule;
}
