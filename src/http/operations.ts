// For whoever keeps the server running: is it alive, is it ready, how is it doing.

import type { FastifyInstance } from 'fastify';
import { findObstacle, GatewayHealth } from '../gateway/health.js';
import { getGateways } from '../store/gateways.js';
import { countQueuedMails } from '../store/mails.js';
import { countOpenMessages } from '../store/message-list.js';
import { HttpError } from './errors.js';
import { Metrics } from './metrics.js';
import type { HttpServices } from './services.js';

export function operationsRoutes(app: FastifyInstance, services: HttpServices): void {
  const { metrics = new Metrics() } = services;
  measure(metrics, services);
  app.route({ method: ['GET', 'HEAD'], url: '/healthz', handler: async () => ({ status: 'alive' }) });
  app.route({ method: ['GET', 'HEAD'], url: '/readyz', handler: async () => readiness(services) });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.write()));
}

async function readiness({ store, isStopping }: HttpServices): Promise<{ status: string }> {
  if (isStopping?.()) throw new HttpError('NOT_READY');
  await store.read(getGateways).catch((cause: unknown) => {
    throw Object.assign(new HttpError('NOT_READY'), { cause });
  });
  return { status: 'ready' };
}

function measure(metrics: Metrics, { health = new GatewayHealth(), ...services }: HttpServices): void {
  const { store, held } = services;
  metrics.measure({
    held: () => held?.() ?? 0,
    queueDepth: () => countOpenMessages(store),
    queuedMails: () => countQueuedMails(store),
    gatewaysUp: () =>
      store.read(function* (session) {
        const up: { gateway: string; isUp: boolean }[] = [];
        for (const gateway of yield* getGateways(session)) {
          const obstacle = yield* findObstacle(session, services, gateway);
          up.push({ gateway: gateway.id, isUp: obstacle === undefined && health.of(gateway.id) !== 'down' });
        }
        return up;
      }),
  });
}
