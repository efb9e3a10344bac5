// A rule sends a text: through the one way into the queue, with one more hop behind it, and once however often it is tried.

import { AccountError } from '../accounts/errors.js';
import { countTextsTo, triedFrom } from '../store/effects.js';
import { StoreError } from '../store/errors.js';
import type { Effect } from '../store/tables.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { TextEffect } from './effect-rows.js';
import { MessageError, type MessageErrorCode } from './errors.js';
import type { RequestKey } from './idempotency.js';
import { submit, type Submission } from './submit.js';

const hourMilliseconds = 60 * 60_000;

export async function sendText(services: EffectServices, effect: Effect): Promise<Came> {
  const over = await overHour(services, effect);
  if (over) return over;
  try {
    await submit(services, submissionOf(effect));
    return { state: 'done' };
  } catch (error) {
    return troubleOf(error);
  }
}

/** What ends a loop that goes over the air: so many texts to one number in the hour, and no more. */
export async function overHour({ store }: EffectServices, effect: Effect): Promise<Came | undefined> {
  const { textsPerHour } = store.settings.current.rules;
  const { target, createdAt } = effect;
  if (target === null) return undefined;
  const from = triedFrom(effect);
  // One that is tried again by hand comes after all others.
  const before = from === createdAt ? effect.id : Number.MAX_SAFE_INTEGER;
  const earlier = { since: from - hourMilliseconds, before };
  const n = await store.read((session) => countTextsTo(session, target, earlier));
  const error = 'too many texts went to this number by themselves within the hour';
  return n >= textsPerHour ? { state: 'failed', error } : undefined;
}

/** No request can give such a key: a header holds no control characters. */
export function keyOf({ id }: Effect): RequestKey {
  return { key: `\u0001effect ${id}`, isMsgid: false };
}

function submissionOf(effect: Effect): Submission {
  const { document, hops } = effect;
  const { to, text, data, udh, pid, dcs, isPush, parameters } = document as unknown as TextEffect;
  const { id: gateway, sender, maxmsgs } = parameters;
  return {
    origin: isPush ? 'push' : 'rule',
    numbers: [to],
    text,
    ...(data !== undefined && { binary: binaryOf(data, udh), pid, dcs }),
    ...(gateway && { gateway }),
    ...(sender && { sender }),
    ...(maxmsgs && { maxParts: Number(maxmsgs) }),
    hops,
    idempotency: keyOf(effect),
  };
}

function binaryOf(data: string, udh: string | undefined): Submission['binary'] {
  return { data: Buffer.from(data, 'base64'), ...(udh !== undefined && { udh: Buffer.from(udh, 'base64') }) };
}

// What may be otherwise in a while.
const passing: ReadonlySet<MessageErrorCode> = new Set(['NO_GATEWAY', 'RULES_UNAVAILABLE']);

export function troubleOf(error: unknown): Came {
  if (error instanceof StoreError) return { state: 'again', error: error.message };
  if (!(error instanceof MessageError || error instanceof AccountError)) throw error;
  const isPassing = error instanceof MessageError && passing.has(error.code);
  return { state: isPassing ? 'again' : 'failed', error: error.message };
}
