// `/rules/effects`: what rules brought about, what waits, and what came to nothing.

import { type Static, Type } from 'typebox';
import { listEffects } from '../../store/effects.js';
import { effectKinds, effectStates, ruleDirections } from '../../store/states.js';
import type { Effect } from '../../store/tables.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';

const effectResource = Type.Object({
  id: Type.Integer(),
  direction: Type.Enum([...ruleDirections]),
  message: Type.String({ description: 'id of the message, or of the incoming text' }),
  rule: Type.String({ description: 'its title, as it was then' }),
  kind: Type.Enum([...effectKinds]),
  state: Type.Enum([...effectStates], { description: 'unknown: it may have been done, and is not done again' }),
  attempts: Type.Integer(),
  error: orNull(Type.String()),
  dueAt: orNull(instant),
  createdAt: instant,
  finishedAt: orNull(instant),
});

const query = strictObject({
  ...pageQuery,
  state: Type.Optional(Type.Enum([...effectStates])),
  message: Type.Optional(Type.String({ maxLength: 100 })),
});

export function ruleEffectRoutes(api: Api, { store }: HttpServices): void {
  const schema = { tags: ['rules'], querystring: query, response: { 200: pageOf(effectResource) } };
  api.get('/rules/effects', { schema }, async ({ query }) => {
    const { state, message: messageId } = query;
    const wanted = { before: readRowCursor(query.cursor), states: state && [state], messageId };
    const read = (limit: number) => listEffects(store, { ...wanted, limit });
    const { rows, next } = await readPage(query, read, ({ id }) => String(id));
    return { items: rows.map(writeEffect), next };
  });
}

function writeEffect(effect: Effect): Static<typeof effectResource> {
  const { id, direction, messageId: message, rule, kind, state, attempts, error } = effect;
  const times = {
    dueAt: writeInstantOrNull(effect.dueAt),
    createdAt: writeInstant(effect.createdAt),
    finishedAt: writeInstantOrNull(effect.finishedAt),
  };
  return { id, direction, message, rule, kind, state, attempts, error, ...times };
}
