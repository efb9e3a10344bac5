// `/device-rules`: the ordered list that decides which devices may sync.

import { Type } from 'typebox';
import { listDeviceRules, saveDeviceRules } from '../../accounts/device-rules.js';
import { limits } from '../../accounts/limits.js';
import { deviceRuleFields, deviceStates } from '../../store/states.js';
import type { HttpServices } from '../services.js';
import { type Api, strictObject } from './api.js';
import { judging } from './judging.js';

const rule = strictObject({
  field: Type.Enum([...deviceRuleFields], { description: '`user` is the address of the user' }),
  pattern: Type.String({
    minLength: 1,
    maxLength: limits.patternCharacters,
    description: '`*` stands for any characters, `?` for one; upper and lower case are the same',
  }),
  state: Type.Enum([...deviceStates]),
});

const rules = Type.Array(rule, {
  maxItems: limits.deviceRules,
  description:
    "The first rule that fits decides on a device, where none does the domain's default, then the server's. What an " +
    'administrator decided on a single device stands above all of them.',
});

const tags = ['devices'];

export function deviceRuleRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  const one = { tags, response: { 200: rules } };
  api.get('/device-rules', { schema: one }, async () => listDeviceRules(store));
  api.put('/device-rules', { schema: { ...one, body: rules } }, async ({ body }) => {
    await saveDeviceRules(store, body, judging(services));
    return listDeviceRules(store);
  });
}
