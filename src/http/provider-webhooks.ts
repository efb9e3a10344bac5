// `/sms/receive/{gateway}` and `/sms/report/{gateway}`: what the provider behind a gateway brings, read by the gateway's
// preset and believed only where it is the provider's own.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebhookError } from '../gateway/errors.js';
import type { Doubt, IncomingText, PresetWebhooks, ReportedText, WebhookRequest } from '../gateway/presets/preset.js';
import { findPreset } from '../gateway/presets/presets.js';
import { takeDeliveryReport } from '../message/delivery.js';
import { MessageError } from '../message/errors.js';
import { receive } from '../message/receive.js';
import { getGateway } from '../store/gateways.js';
import type { Gateway } from '../store/tables.js';
import { HttpError } from './errors.js';
import { refuseSender } from './refuse.js';
import type { HttpServices } from './services.js';

export function providerWebhookRoutes(app: FastifyInstance, services: HttpServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(refuseSender(services.log));
  const method = ['GET', 'POST'];
  app.route({ method, url: '/sms/receive/:gateway', handler: async (...call) => takeTexts(services, ...call) });
  app.route({ method, url: '/sms/report/:gateway', handler: async (...call) => takeReports(services, ...call) });
}

async function takeTexts(services: HttpServices, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { gateway, webhooks, webhook } = await admit(services, request);
  await takeEach(webhooks.readIncoming(webhook), (text) => receive(services, { ...text, gateway }));
  return answer(reply, webhooks);
}

/** One that cannot be taken keeps no other from being stored. Throws what was wrong with the first, when all were tried. */
async function takeEach(
  texts: readonly (IncomingText | WebhookError)[],
  take: (text: IncomingText) => Promise<unknown>,
): Promise<void> {
  let fault: WebhookError | MessageError | undefined;
  for (const text of texts)
    try {
      if (text instanceof WebhookError) throw text;
      await take(text);
    } catch (error) {
      if (!(error instanceof WebhookError || error instanceof MessageError)) throw error;
      fault ??= error;
    }
  if (fault) throw fault;
}

async function takeReports(
  services: HttpServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { gateway, webhooks, webhook } = await admit(services, request);
  if (!webhooks.readReport) throw new HttpError('NO_SUCH_RESOURCE');
  const reports = webhooks.readReport(webhook);
  const fault = reports.find((report) => report instanceof WebhookError);
  const final = reports.flatMap((report) => finalOf(report));
  const now = services.now();
  await services.store.transact(function* (tx) {
    for (const report of final) yield* takeDeliveryReport(tx, { ...report, gateway, now });
  });
  if (fault) throw fault;
  return answer(reply, webhooks);
}

type FinalReport = ReportedText & { outcome: 'delivered' | 'failed' };

function finalOf(report: ReportedText | WebhookError): FinalReport[] {
  if (report instanceof WebhookError || report.outcome === 'pending') return [];
  return [{ ...report, outcome: report.outcome }];
}

interface Admitted {
  gateway: string;
  webhooks: PresetWebhooks;
  webhook: WebhookRequest;
}

/**
 * Throws HttpError WEBHOOK_REFUSED, the same for a gateway that is not there and for a signature that is not right: nobody
 * learns which gateways there are.
 */
async function admit(services: HttpServices, request: FastifyRequest): Promise<Admitted> {
  const webhook = readRequest(services, request);
  const { gateway: id } = request.params as { gateway: string };
  const gateway = await services.store.read((session) => getGateway(session, id));
  const webhooks = gateway && webhooksOf(gateway);
  if (!webhooks) throw new HttpError('WEBHOOK_REFUSED', 'gateway');
  const doubt = doubtOf(webhooks, webhook, gateway);
  if (doubt !== undefined) throw new HttpError('WEBHOOK_REFUSED', doubt);
  return { gateway: gateway.id, webhooks, webhook };
}

function webhooksOf({ type, options }: Gateway): PresetWebhooks | undefined {
  return type === 'http' && typeof options.preset === 'string' ? findPreset(options.preset)?.webhooks : undefined;
}

function doubtOf(webhooks: PresetWebhooks, webhook: WebhookRequest, gateway: Gateway): Doubt | 'form' | undefined {
  try {
    return webhooks.findDoubt(webhook, gateway);
  } catch (error) {
    if (error instanceof WebhookError) return 'form';
    throw error;
  }
}

/** Throws HttpError UNREADABLE_BODY. */
function readRequest({ now, publicUrl }: HttpServices, request: FastifyRequest): WebhookRequest {
  const { 'content-encoding': coding = 'identity' } = request.headers;
  if (coding !== 'identity') throw new HttpError('UNREADABLE_BODY');
  return {
    method: request.method,
    urls: addressesOf(publicUrl, request),
    query: request.query as string,
    headers: request.headers,
    body: (request.body as Uint8Array | undefined) ?? new Uint8Array(),
    at: now(),
  };
}

// Providers sign the address that they were told, of which a proxy may have changed scheme and path. Without `publicUrl` the
// Host says the rest: whoever makes it up still lacks the key.
function addressesOf(publicUrl: string | undefined, request: FastifyRequest): string[] {
  const path = request.raw.url ?? '/';
  const { host = '' } = request.headers;
  if (publicUrl === undefined) return [`https://${host}${path}`, `http://${host}${path}`];
  const { origin, pathname } = new URL(publicUrl);
  return [...new Set([`${origin}${pathname.replace(/\/+$/, '')}${path}`, `${origin}${path}`])];
}

function answer(reply: FastifyReply, { answer: expected }: PresetWebhooks): FastifyReply {
  if (expected) return reply.type(expected.type).send(expected.body);
  return reply.type('text/plain; charset=utf-8').send('OK');
}
