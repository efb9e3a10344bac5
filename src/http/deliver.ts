// `/sms/deliver.html`: a text that another server received, brought in the name of a gateway and with its password.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSame } from '../gateway/presets/signatures.js';
import { hopsHeader, readHops } from '../message/hops.js';
import { receive } from '../message/receive.js';
import { getGateway } from '../store/gateways.js';
import type { GatewayType } from '../store/states.js';
import { type DeliverParameters, readDelivered, readDeliverParameters } from './deliver-parameters.js';
import { HttpError } from './errors.js';
import { refuseSender } from './refuse.js';
import type { HttpServices } from './services.js';

export function deliverRoutes(app: FastifyInstance, services: HttpServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(refuseSender(services.log));
  const handler = (request: FastifyRequest, reply: FastifyReply) => deliver(services, request, reply);
  app.route({ method: ['GET', 'POST'], url: '/sms/deliver.html', handler });
}

async function deliver(services: HttpServices, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const parameters = readDeliverParameters({
    query: request.query as string,
    contentType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    body: request.body as Uint8Array | undefined,
  });
  const gateway = await findDelivering(services, parameters);
  const hops = readHops(request.headers[hopsHeader]);
  const receipt = await receive(services, { ...readDelivered(parameters, gateway), hops });
  return reply.type('text/plain; charset=utf-8').send('dropped' in receipt ? 'OK dropped: the text is empty' : 'OK');
}

// The password of a modem is its PIN: four digits that the SIM guards, and no port should.
const delivering: readonly GatewayType[] = ['http', 'loopback'];

/** The id of the gateway. Throws HttpError WRONG_GATEWAY, the same one after the same work for each reason. */
export async function findDelivering(
  { store }: Pick<HttpServices, 'store'>,
  { id = '', pass = '' }: DeliverParameters,
): Promise<string> {
  const gateway = await store.read((session) => getGateway(session, id));
  const password = gateway?.password ?? '';
  const isRight = isSame(pass, password);
  if (!isRight || password === '' || !gateway || !delivering.includes(gateway.type))
    throw new HttpError('WRONG_GATEWAY');
  return gateway.id;
}
