// A rule calls a URL: once, with what came of it judged as a gateway's answer is.

import { HookError } from '../hooks/errors.js';
import type { HttpReply } from '../hooks/http-call.js';
import type { Effect } from '../store/tables.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { UrlEffect } from './effect-rows.js';
import { hopsHeader } from './hops.js';
import { limits } from './limits.js';

export async function callUrl(services: EffectServices, effect: Effect, signal: AbortSignal): Promise<Came> {
  const { url } = effect.document as unknown as UrlEffect;
  const { allowedUrlHosts: allowedHosts } = services.store.settings.current.rules;
  const headers = { [hopsHeader]: String(effect.hops) };
  const call = {
    url,
    method: 'GET',
    headers,
    allowedHosts,
    timeoutMilliseconds: limits.ruleCallMilliseconds,
    signal,
  } as const;
  try {
    return judge(await services.caller.call(call));
  } catch (error) {
    return troubleOf(error);
  }
}

function judge({ status, retryAfterSeconds, isWhole }: HttpReply): Came {
  if (status >= 200 && status < 300) return { state: 'done' };
  const error = `it answered with HTTP ${status}`;
  if (status === 429 || (status >= 500 && isWhole)) return { state: 'again', error, retryAfterSeconds };
  return { state: 'failed', error };
}

/** Of a call that came to no answer. */
export function troubleOf(error: unknown): Came {
  if (!(error instanceof HookError)) throw error;
  if (error.code === 'NOT_CONNECTED') return { state: 'again', error: error.message };
  return { state: error.code === 'NO_ANSWER' ? 'unknown' : 'failed', error: error.message };
}
