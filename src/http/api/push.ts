// `/push/notify`, `/push/configure`: waking a phone, and sending it settings; `/push/profiles`: which settings there are.

import { configure, describeProfiles, notify } from '../../message/push.js';
import type { HttpServices } from '../services.js';
import { type Api } from './api.js';
import { accepted, configureBody, configured, notifyBody, profileList } from './push-schema.js';

const tags = ['push'];

export function pushRoutes(api: Api, services: HttpServices): void {
  api.post(
    '/push/notify',
    { schema: { tags, body: notifyBody, response: { 202: accepted } } },
    async ({ body }, reply) => reply.code(202).send({ ids: await notify(services, body) }),
  );
  api.post(
    '/push/configure',
    { schema: { tags, body: configureBody, response: { 200: configured, 202: configured } } },
    async ({ body }, reply) => {
      const { ids, document, typedPin, message } = await configure(services, body);
      const told = { ids, ...(typedPin !== undefined && { typedPin }) };
      if (!body.dryRun) return reply.code(202).send(told);
      const octets = { udh: hex(message.udh), data: hex(message.data), dcs: message.dcs };
      return reply.code(200).send({ ...told, document, message: octets });
    },
  );
  api.get('/push/profiles', { schema: { tags, response: { 200: profileList } } }, async () => ({
    items: describeProfiles(),
  }));
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
