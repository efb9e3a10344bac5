// A gateway as its document: read into a row, and written from one.

import { checkOptions } from '../../gateway/bearers.js';
import { showOptions } from '../../gateway/shown-options.js';
import type { GatewayRow } from '../../store/gateways.js';
import type { GatewayLimits } from '../../store/states.js';
import type { Gateway } from '../../store/tables.js';
import { HttpError } from '../errors.js';
import { writeInstant } from './api.js';
import type { GatewayBody, GatewayResource } from './gateway-schema.js';
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

/** As it is shown. */
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
