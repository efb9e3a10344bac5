// `/rules/effects`: what rules brought about, what waits, and what came to nothing.

import { type Static, Type } from 'typebox';
import { getEffect, listEffects, retryEffect } from '../../store/effects.js';
import { effectKinds, effectStates, ruleDirections } from '../../store/states.js';
import type { Effect } from '../../store/tables.js';
import { HttpError } from '../errors.js';
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

const retryQuery = strictObject({
  mayRepeat: Type.Optional(
    Type.Enum(['true', 'false'], { description: 'also where it may have been done, and may be done twice so' }),
  ),
});

export function ruleEffectRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  const schema = { tags: ['rules'], querystring: query, response: { 200: pageOf(effectResource) } };
  api.get('/rules/effects', { schema }, async ({ query }) => {
    const { state, message: messageId } = query;
    const wanted = { before: readRowCursor(query.cursor), states: state && [state], messageId };
    const read = (limit: number) => listEffects(store, { ...wanted, limit });
    const { rows, next } = await readPage(query, read, ({ id }) => String(id));
    return { items: rows.map(writeEffect), next };
  });
  const params = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });
  const again = { tags: ['rules'], params, querystring: retryQuery, response: { 200: effectResource } };
  api.post('/rules/effects/:id/retry', { schema: again }, async ({ params, query }) =>
    writeEffect(await retry(services, params.id, query.mayRepeat === 'true')),
  );
}

/** Throws HttpError NO_SUCH_EFFECT, EFFECT_NOT_FAILED, EFFECT_MAY_BE_DONE. */
function retry({ store, now }: HttpServices, id: number, mayRepeat: boolean): Promise<Effect> {
  return store.transact(function* (tx) {
    const effect = yield* getEffect(tx, id);
    if (!effect) throw new HttpError('NO_SUCH_EFFECT');
    if (effect.state !== 'failed' && effect.state !== 'unknown') throw new HttpError('EFFECT_NOT_FAILED');
    if (effect.state === 'unknown' && !mayRepeat) throw new HttpError('EFFECT_MAY_BE_DONE');
    yield* retryEffect(tx, effect, now());
    return (yield* getEffect(tx, id))!;
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
