// A gateway as its document: read into a row, and written from one.

import { checkOptions } from '../../gateway/bearers.js';
import { showOptions } from '../../gateway/shown-options.js';
import { notShown, shownUrl, withoutPassword } from '../../rules/not-shown.js';
import type { GatewayRow } from '../../store/gateways.js';
import type { GatewayLimits } from '../../store/states.js';
import type { Gateway } from '../../store/tables.js';
import { HttpError } from '../errors.js';
import { writeInstant } from './api.js';
import type { GatewayBody, GatewayResource } from './gateway-schema.js';
import { shownHeaders } from './hidden-fields.js';
import { withoutNulls } from './merge-patch.js';

/** Throws HttpError BAD_FIELD, OptionError. */
export function readGateway(id: string, body: GatewayBody, now: number): GatewayRow {
  const { type, active = true, ...fields } = withoutNulls(body);
  if (type === undefined) throw new HttpError('BAD_FIELD', 'type');
  const { description, password, webhookSecret, emailFrom, deliverTo, limits, ...options } = fields;
  checkOptions({ type, options });
  return {
    id,
    type,
    active,
    options,
    description: description ?? null,
    password: password ?? null,
    webhookSecret: webhookSecret ?? null,
    emailFrom: emailFrom ?? null,
    deliverTo: deliverTo ?? [],
    limits: limits ? (limits as GatewayLimits) : null,
    now,
  };
}

/** As it would have been written, secrets included. */
export function readBack(gateway: Gateway): GatewayBody {
  const { type, active, description, password, webhookSecret, emailFrom, deliverTo, limits, options } = gateway;
  return { type, active, description, password, webhookSecret, emailFrom, deliverTo, limits, ...options };
}

type Status = Pick<GatewayResource, 'health' | 'lastError' | 'queued' | 'sent'>;

/** As it is shown to whoever may write it. */
export function writeGateway(gateway: Gateway, status: Status): GatewayResource {
  const { id, type, active, description, emailFrom, deliverTo, limits } = gateway;
  const { options, hasClientKey, hasPin } = showOptions(gateway.options);
  return {
    ...{ id, type, active, description, emailFrom, deliverTo, limits },
    ...options,
    hasPassword: gateway.password !== null,
    hasWebhookSecret: gateway.webhookSecret !== null,
    hasClientKey,
    hasPin,
    ...status,
    createdAt: writeInstant(gateway.createdAt),
  };
}

/** What is not shown to everybody whole. */
export const secretive = ['url', 'headers', 'body', 'parameters', 'emailFrom'] as const;

/** As it is shown to whoever may read and not write it. */
export function withoutSecrets(gateway: GatewayResource): GatewayResource {
  const { url, headers, body, parameters, emailFrom } = gateway;
  return {
    ...gateway,
    ...(url && { url: shownUrl(url) }),
    ...(headers && { headers: shownHeaders(headers) }),
    ...(body && { body: notShown }),
    ...(parameters && { parameters: shownParameters(parameters) }),
    ...(emailFrom && { emailFrom: withoutPassword(emailFrom) }),
  };
}

// The word of a report webhook stands in its URL.
function shownParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, value.includes('://') ? shownUrl(value) : value]),
  );
}
