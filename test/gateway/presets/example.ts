// Each preset with values that can be shown, and the request that it makes of them as docs/gateways.md shows it.

import type { Preset, PresetRequest, PresetValues } from '../../../src/gateway/presets/preset.js';
import type { Escape } from '../../../src/hooks/template/escape.js';
import { parseTemplate } from '../../../src/hooks/template/parse.js';
import { renderTemplate, type TemplateValues } from '../../../src/hooks/template/render.js';
import { parseUrlTemplate } from '../../../src/hooks/template/url.js';

const report = (id: string) => ({ reportUrl: `https://sms.example.com/sms/report/${id}` });

export const examples: Readonly<Record<string, PresetValues>> = {
  easms: { server: 'https://b.example.com', user: 'a@example.com', password: 'secret' },
  clickatell: { user: 'john', password: 'secret', apiId: '2324231' },
  routomessaging: { user: 'john', password: 'secret', senderId: 'mysenderid' },
  o2: { baId: '1234567' },
  twilio: { accountSid: 'AC0123', authToken: 'secret', from: '+15005550006', ...report('ID') },
  vonage: { apiKey: 'abcd1234', apiSecret: 'secret', from: 'Acme', ...report('ID') },
  infobip: { baseUrl: 'xxxxx.api.infobip.com', apiKey: 'secret', from: 'Acme', ...report('ID?secret=word') },
  messagebird: { accessKey: 'secret', from: 'Acme', ...report('ID') },
  'sms-gate': { server: 'http://192.168.1.10:8080', user: 'sms', password: 'secret' },
  'generic-json': { url: 'https://example.com/send', token: 'secret' },
};

export interface Rendered {
  url: string;
  body: string;
}

const escapes: Readonly<Record<string, Escape>> = {
  'application/json': 'json',
  'application/x-www-form-urlencoded': 'form',
};

export function render(request: PresetRequest, message: TemplateValues): Rendered {
  const escape = escapes[request.headers?.['content-type'] ?? ''] ?? 'none';
  return {
    url: renderTemplate(parseUrlTemplate(request.url), message, 'url'),
    body: renderTemplate(parseTemplate(request.body ?? ''), message, escape),
  };
}

/** Request line, headers and body for `Hi €` to a number. */
export function shown({ id, request }: Preset): string {
  const { method, headers = {}, ...templates } = request(examples[id]!);
  const message = { number: '+447700900123', data: 'Hi €', sender: '+447700900999', parts: 1, msgid: '0199a1' };
  const { url, body } = render({ method, headers, ...templates }, message);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...fields, ...(body === '' ? [] : ['', body])].join('\n');
}
