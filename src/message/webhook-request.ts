// The request that tells a webhook one event: the event itself, signed, or the URL alone with the event in its variables.

import { createHmac } from 'node:crypto';
import { HookError } from '../hooks/errors.js';
import type { HttpCall } from '../hooks/http-call.js';
import type { TemplateValues } from '../hooks/template/render.js';
import { renderTemplate } from '../hooks/template/render.js';
import { parseUrlTemplate } from '../hooks/template/url.js';
import type { EventDocument } from '../store/states.js';
import type { Webhook } from '../store/tables.js';
import { limits } from './limits.js';

export const webhookMethods = ['POST', 'GET'] as const;

/** What `options` of a webhook's row holds. */
export interface WebhookOptions {
  method?: (typeof webhookMethods)[number];
  headers?: Record<string, string>;
}

type Called = Pick<Webhook, 'url' | 'secret' | 'options'>;

/** @throws HookError BAD_TEMPLATE, BAD_VALUE */
export function writeCall({ url, secret, options }: Called, event: EventDocument, now: number): HttpCall {
  const { method = 'POST', headers = {} } = options as WebhookOptions;
  const body = method === 'POST' ? JSON.stringify(event) : undefined;
  const timestamp = String(Math.floor(now / 1000));
  return {
    url: renderTemplate(parseUrlTemplate(url), valuesOf(event), 'url'),
    method,
    headers: {
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'x-easms-event': event.event,
      'x-easms-event-id': event.id,
      'x-easms-timestamp': timestamp,
      ...(secret !== null && { 'x-easms-signature': sign(secret, `${timestamp}.${body ?? ''}`) }),
    },
    ...(body !== undefined && { body }),
    timeoutMilliseconds: limits.callMilliseconds,
  };
}

function sign(secret: string, signed: string): string {
  return `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
}

interface ToldMessage {
  from?: string | null;
  to?: string | null;
  text?: string;
  data?: string;
  udh?: string;
  pid?: number;
  dcs?: number;
  parts?: number;
  sender?: string;
}

// The event's id stands for the message: the next server knows by it what it has heard before.
function valuesOf({ id, message }: EventDocument): TemplateValues {
  const { from, to, text, data, udh, pid, dcs, parts, sender } = message as ToldMessage;
  return {
    ...{ from: from ?? undefined, number: to ?? undefined, msgid: id, pid, dcs, parts },
    sender: sender ?? from ?? undefined,
    data: data === undefined ? text : Buffer.from(data, 'base64'),
    udh: udh === undefined ? undefined : Buffer.from(udh, 'base64'),
  };
}

/** Which field of a webhook cannot be used for a call. */
export function findBadWebhookField({ url, options }: Called): 'url' | 'headers' | undefined {
  const { headers = {} } = options as WebhookOptions;
  if (!isUrl(url)) return 'url';
  const fields = Object.entries(headers);
  return fields.length <= limits.webhookHeaders && fields.every(isHeader) ? undefined : 'headers';
}

function isUrl(url: string): boolean {
  try {
    parseUrlTemplate(url);
    return true;
  } catch (error) {
    if (error instanceof HookError) return false;
    throw error;
  }
}

// RFC 9110 5.1 Field Names, 5.5 Field Values
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
// Ours to say, or the connection's.
const ours = /^(?:host|connection|keep-alive|transfer-encoding|upgrade|te|trailer|expect|content-.*|x-easms-.*)$/i;

function isHeader([name, value]: [string, string]): boolean {
  const isWritable = fieldName.test(name) && fieldValue.test(value) && value.length <= limits.webhookHeaderCharacters;
  return isWritable && !ours.test(name);
}
