// `/presets`: the providers that a gateway of type `http` can be of, and what each asks for.

import { type Static, Type } from 'typebox';
import type { Preset } from '../../gateway/presets/preset.js';
import { presets } from '../../gateway/presets/presets.js';
import { type Api, orNull } from './api.js';

const presetResource = Type.Object({
  id: Type.String({ description: 'what a gateway has as `preset`' }),
  title: Type.String(),
  parameters: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String({ description: 'what it is called at the provider' }),
      secret: Type.Boolean(),
      optional: Type.Boolean(),
    }),
  ),
  webhooks: orNull(
    Type.Object({
      secret: Type.String({ description: 'what `webhookSecret` is at this provider' }),
      reports: Type.Boolean({ description: 'whether the provider sends delivery reports' }),
    }),
  ),
});

export function presetRoutes(api: Api): void {
  const response = { 200: Type.Object({ items: Type.Array(presetResource), next: Type.Null() }) };
  const items = presets.map(writePreset);
  api.get('/presets', { schema: { tags: ['gateways'], response } }, async () => ({ items, next: null }));
}

function writePreset({ id, title, parameters, webhooks }: Preset): Static<typeof presetResource> {
  return {
    id,
    title,
    parameters: parameters.map(({ isSecret: secret = false, isOptional: optional = false, name, title }) => {
      return { name, title, secret, optional };
    }),
    webhooks: webhooks ? { secret: webhooks.secret, reports: webhooks.readReport !== undefined } : null,
  };
}
