// What is said of sending at every level: settings, and the counters of users and SMS accounts.

import { Type } from 'typebox';
import type { Counts } from '../../store/sms-counters.js';
import { HttpError } from '../errors.js';
import { instant, line, orNull, strictObject, writeInstantOrNull } from './api.js';

const parts = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });

export const gatewayName = Type.String({ maxLength: 64, description: 'it waits for this one alone' });
export const monthlyLimit = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'parts; 0 for no limit' });
export const lastDay = Type.String({ maxLength: 10, description: 'the last day, such as 2026-11-30' });

/** The first level of user, domain and server that has them replaces the others whole. */
export const smsSettings = strictObject({
  gateway: Type.Optional(gatewayName),
  monthlyLimit: Type.Optional(monthlyLimit),
  expires: Type.Optional(lastDay),
  active: Type.Optional(Type.Boolean()),
  description: Type.Optional(line(1_000)),
});

/** As it is written, whole or as a merge patch: `null` takes a member away. */
export const smsSettingsBody = strictObject({
  gateway: Type.Optional(orNull(gatewayName)),
  monthlyLimit: Type.Optional(orNull(monthlyLimit)),
  expires: Type.Optional(orNull(lastDay)),
  active: Type.Optional(orNull(Type.Boolean())),
  description: Type.Optional(orNull(line(1_000))),
});

export const countersBody = {
  sentThisMonth: Type.Optional(orNull(parts)),
  sentPreviousMonth: Type.Optional(orNull(parts)),
  lastSent: Type.Optional(orNull(Type.String({ maxLength: 40, description: 'an instant' }))),
};

export const counters = { sentThisMonth: parts, sentPreviousMonth: parts, lastSent: orNull(instant) };

export function writeCounts({ sentThisMonth, sentPreviousMonth, lastSent }: Counts) {
  return { sentThisMonth, sentPreviousMonth, lastSent: writeInstantOrNull(lastSent) };
}

/** Throws HttpError BAD_FIELD. */
export function readLastSent(written: string | null | undefined): number | null | undefined {
  if (written === null || written === undefined) return written;
  const at = Date.parse(written);
  if (Number.isNaN(at)) throw new HttpError('BAD_FIELD', 'lastSent');
  return at;
}
