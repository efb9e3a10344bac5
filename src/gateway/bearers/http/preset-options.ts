// The options of a gateway that names a preset: the provider's request, and over it what the administrator wrote.

import { OptionError } from '../../errors.js';
import type { PresetValues } from '../../presets/preset.js';
import { findBadParameter, findPreset, presets } from '../../presets/presets.js';

/** @throws OptionError */
export function withPreset({ preset: name, parameters, ...own }: Record<string, unknown>): Record<string, unknown> {
  if (name === undefined && parameters !== undefined)
    throw new OptionError('parameters', 'They are those of a preset.');
  if (name === undefined) return own;
  const preset = typeof name === 'string' ? findPreset(name) : undefined;
  if (!preset) throw new OptionError('preset', `There is ${presets.map(({ id }) => id).join(', ')}.`);
  const values = { ...(parameters as PresetValues | undefined) };
  const bad = findBadParameter(preset, values);
  if (bad !== undefined) throw new OptionError(`parameters.${bad}`);
  const { headers, ...request } = preset.request(values);
  const ownHeaders = own['headers'] as object | undefined;
  return { ...request, ...own, ...((headers ?? ownHeaders) && { headers: withHeaders(headers, ownHeaders) }) };
}

// Names of header fields in any case. RFC 9110 5.1 Field Names
function withHeaders(headers: object = {}, own: object = {}): object {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}

/** The parameters that may be shown. */
export function openParameters(options: Record<string, unknown>): Record<string, string> {
  const { preset: name, parameters } = options as { preset?: string; parameters?: Record<string, string> };
  const known = name === undefined ? [] : (findPreset(name)?.parameters ?? []);
  const open = known.filter(({ isSecret }) => !isSecret).flatMap(({ name }) => [[name, parameters?.[name]] as const]);
  return Object.fromEntries(open.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
