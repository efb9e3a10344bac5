// The providers that are known here, one file each.

import { clickatell } from './clickatell.js';
import { easms } from './easms.js';
import { genericJson } from './generic-json.js';
import { infobip } from './infobip.js';
import { messagebird } from './messagebird.js';
import { o2 } from './o2.js';
import type { Preset } from './preset.js';
import { routomessaging } from './routomessaging.js';
import { smsGate } from './sms-gate.js';
import { twilio } from './twilio.js';
import { vonage } from './vonage.js';

export const presets: readonly Preset[] = [
  easms,
  clickatell,
  routomessaging,
  o2,
  twilio,
  vonage,
  infobip,
  messagebird,
  smsGate,
  genericJson,
];

export function findPreset(id: string): Preset | undefined {
  return presets.find((preset) => preset.id === id);
}

/** The first parameter that is missing, unknown, or not one line of text. */
export function findBadParameter(preset: Preset, values: Readonly<Record<string, unknown>>): string | undefined {
  const known = new Set(preset.parameters.map(({ name }) => name));
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown !== undefined) return unknown;
  const isGood = (value: unknown): boolean =>
    typeof value === 'string' && value !== '' && !/[\p{Cc}\p{Surrogate}]/u.test(value);
  const isMissing = (value: unknown): boolean => value === undefined || value === '';
  return preset.parameters.find(({ name, isOptional }) =>
    isMissing(values[name]) ? !isOptional : !isGood(values[name]),
  )?.name;
}
