// The HTTP server with all its routes but those of EAS, which are registered on it.

import type { FastifyInstance } from 'fastify';
import { adminApi } from './api/admin-api.js';
import { bareApp } from './bare-app.js';
import { deliverRoutes } from './deliver.js';
import { operationsRoutes } from './operations.js';
import { providerWebhookRoutes } from './provider-webhooks.js';
import { refuseAdministrator, refuseSender } from './refuse.js';
import type { HttpServices } from './services.js';
import { acceptTexts } from './sms-acceptance.js';
import { answerTexts, smsRoutes } from './sms.js';

export async function buildApp(services: HttpServices): Promise<FastifyInstance> {
  const { log } = services;
  const app = bareApp(log, (url) => (/^\/api(\/|$)/i.test(url) ? refuseAdministrator(log) : refuseSender(log)));
  await app.register(async (scope) =>
    smsRoutes(scope, {
      log,
      handOver: (wish, reply) => void acceptTexts(services, wish).then((outcome) => answerTexts(reply, outcome)),
    }),
  );
  await app.register(async (scope) => deliverRoutes(scope, services));
  await app.register(async (scope) => providerWebhookRoutes(scope, services));
  await app.register(async (scope) => operationsRoutes(scope, services));
  await app.register(async (scope) => adminApi(scope, services), { prefix: '/api/v1' });
  return app;
}
