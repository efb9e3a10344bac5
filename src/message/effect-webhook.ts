// A rule tells a URL of its message, as webhooks are told of events: at least once, under an id that is the same each time.

import type { Effect } from '../store/tables.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { WebhookEffect } from './effect-rows.js';
import { troubleOf } from './effect-url.js';
import { hopsHeader } from './hops.js';
import { limits } from './limits.js';

export async function tellWebhook(services: EffectServices, effect: Effect, signal: AbortSignal): Promise<Came> {
  const { url, message } = effect.document as unknown as WebhookEffect;
  const { allowedUrlHosts: allowedHosts } = services.store.settings.current.rules;
  const at = new Date(effect.createdAt).toISOString();
  const event = { id: `rule-effect-${effect.id}`, event: 'rule', at, rule: effect.rule, message };
  const headers = { 'content-type': 'application/json', [hopsHeader]: String(effect.hops) };
  const request = { url, method: 'POST', headers, body: JSON.stringify(event), signal } as const;
  try {
    const call = { ...request, allowedHosts, timeoutMilliseconds: limits.ruleCallMilliseconds };
    const { status, retryAfterSeconds } = await services.caller.call(call);
    if (status >= 200 && status < 300) return { state: 'done' };
    return { state: 'again', error: `it answered with HTTP ${status}`, retryAfterSeconds };
  } catch (error) {
    const came = troubleOf(error);
    // Told twice is better than not at all: whoever hears it knows it by its id.
    return came.state === 'unknown' ? { ...came, state: 'again' } : came;
  }
}
