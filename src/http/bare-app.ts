// A server without routes, with the limits and manners of each port that speaks HTTP here.

import Fastify, { type FastifyInstance } from 'fastify';
import { refuseConnection } from './connection-error.js';
import { HttpError } from './errors.js';
import { limits } from './limits.js';
import { type ErrorHandler, type RefusalLog, refuseSender } from './refuse.js';

/** What goes wrong is told as a sender reads it, and so is a path without a route, unless `unknown` says otherwise. */
export function bareApp(log: RefusalLog, unknown?: (url: string) => ErrorHandler): FastifyInstance {
  const refuse = refuseSender(log);
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
    frameworkErrors: (error, request, reply) => void refuse(error, request, reply),
  });
  app.server.maxHeadersCount = limits.headers;
  app.server.maxConnections = limits.connections;
  cutWhatHangsAtTheEnd(app);
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((request, reply) => {
    const refuseUnknown = unknown?.(request.raw.url ?? '') ?? refuse;
    return refuseUnknown(new HttpError('NO_SUCH_RESOURCE'), request, reply);
  });
  return app;
}

function cutWhatHangsAtTheEnd(app: FastifyInstance): void {
  app.addHook('preClose', (done) => {
    setTimeout(() => app.server.closeAllConnections(), limits.closingMilliseconds).unref();
    done();
  });
}
