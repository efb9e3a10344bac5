// Webhooks as providers send them, made without the code that reads them.

import type { WebhookRequest } from '../../../src/gateway/presets/preset.js';

/** 2021-07-05 12:00 in Amsterdam. */
export const noon = Date.parse('2021-07-05T10:00:00Z');

export function webhook(
  given: Partial<Omit<WebhookRequest, 'body'>> & { body?: string | Uint8Array } = {},
): WebhookRequest {
  return { method: 'POST', urls: [], query: '', headers: {}, at: noon, ...given, body: Buffer.from(given.body ?? '') };
}

export const formType = { 'content-type': 'application/x-www-form-urlencoded' };
export const jsonType = { 'content-type': 'application/json' };

export function formOf(fields: Record<string, string>): Pick<WebhookRequest, 'headers'> & { body: string } {
  return { headers: formType, body: new URLSearchParams(fields).toString() };
}

export function jsonOf(value: unknown): Pick<WebhookRequest, 'headers'> & { body: string } {
  return { headers: jsonType, body: JSON.stringify(value) };
}
