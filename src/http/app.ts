// The HTTP server with all its routes but those of EAS, which are registered on it.

import Fastify, { type FastifyInstance } from 'fastify';
import { adminApi } from './api/admin-api.js';
import { refuseConnection } from './connection-error.js';
import { deliverRoutes } from './deliver.js';
import { HttpError } from './errors.js';
import { limits } from './limits.js';
import { operationsRoutes } from './operations.js';
import { providerWebhookRoutes } from './provider-webhooks.js';
import { refuseAdministrator, refuseSender } from './refuse.js';
import type { HttpServices } from './services.js';
import { smsRoutes } from './sms.js';

export async function buildApp(services: HttpServices): Promise<FastifyInstance> {
  const refuseOther = refuseSender(services.log);
  const app = Fastify({
    // Fastify would log URLs, and `/sms/` has passwords, numbers and texts in them.
    logger: false,
    bodyLimit: limits.bodyOctets,
    // Held requests are answered by a preClose hook; what is in flight is finished.
    forceCloseConnections: 'idle',
    // A HEAD that ran the GET handler would send a text.
    exposeHeadRoutes: false,
    requestTimeout: limits.requestTimeoutMilliseconds,
    keepAliveTimeout: limits.keepAliveTimeoutMilliseconds,
    http: {
      maxHeaderSize: limits.headerOctets,
      headersTimeout: limits.headersTimeoutMilliseconds,
      connectionsCheckingInterval: limits.timeoutCheckMilliseconds,
    },
    routerOptions: {
      caseSensitive: false,
      maxParamLength: limits.pathPartCharacters,
      // Each part of the server reads its own query: EAS has a base64 one, `/sms/` refuses what others would guess at.
      querystringParser: (query) => query as never,
    },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void refuseOther(error, request, reply),
  });
  app.server.maxHeadersCount = limits.headers;
  app.server.maxConnections = limits.connections;
  cutWhatHangsAtTheEnd(app);
  app.setErrorHandler(refuseOther);
  app.setNotFoundHandler((request, reply) =>
    refuseUnknown(services, request.raw.url ?? '')(new HttpError('NO_SUCH_RESOURCE'), request, reply),
  );
  await app.register(async (scope) => smsRoutes(scope, services));
  await app.register(async (scope) => deliverRoutes(scope, services));
  await app.register(async (scope) => providerWebhookRoutes(scope, services));
  await app.register(async (scope) => operationsRoutes(scope, services));
  await app.register(async (scope) => adminApi(scope, services), { prefix: '/api/v1' });
  return app;
}

function refuseUnknown({ log }: HttpServices, url: string) {
  return /^\/api(\/|$)/i.test(url) ? refuseAdministrator(log) : refuseSender(log);
}

function cutWhatHangsAtTheEnd(app: FastifyInstance): void {
  app.addHook('preClose', (done) => {
    setTimeout(() => app.server.closeAllConnections(), limits.closingMilliseconds).unref();
    done();
  });
}
