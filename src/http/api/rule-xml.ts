// `/rules/{direction}/export` and `/import`: rules as XML, all of them or a selection.

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { exportRules, importRules } from '../../message/rule-exchange.js';
import { ruleDirections } from '../../store/states.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, strictObject } from './api.js';
import { callerOf, mayWrite } from './caller.js';
import { ruleList, writeRules } from './rule-document.js';

const params = Type.Object({ direction: Type.Enum([...ruleDirections]) });
const tags = ['rules'];

const exportQuery = strictObject({
  ids: Type.Optional(Type.String({ maxLength: 100_000, description: 'of these alone, comma-separated' })),
});
const importQuery = strictObject({
  select: Type.Optional(
    Type.String({
      pattern: '^\\d{1,6}(,\\d{1,6})*$',
      description: 'these alone of the document, counted from 1: `1,3`',
    }),
  ),
  mode: Type.Optional(Type.Enum(['append', 'replace'])),
  dryRun: Type.Optional(Type.Enum(['true', 'false'], { description: 'only says what would be kept' })),
});

const xmlTypes = ['application/xml', 'text/xml'];
// A list at all limits.
const xmlOctets = 16 * 1024 * 1024;

export function ruleXmlRoutes(api: Api, services: HttpServices): void {
  const exported = { tags, params, querystring: exportQuery, produces: xmlTypes };
  api.get('/rules/:direction/export', { schema: exported }, async (request, reply) => {
    const { params, query } = request;
    const isWithoutSecrets = !mayWrite(callerOf(request));
    const wanted = { direction: params.direction, ids: query.ids?.split(','), isWithoutSecrets };
    const xml = await exportRules(services.store, wanted);
    if (xml === undefined) throw new HttpError('NO_SUCH_RULE');
    return reply.type('application/xml; charset=utf-8').send(xml);
  });
  void api.register(async (scope) => {
    scope.addContentTypeParser(xmlTypes, { parseAs: 'string', bodyLimit: xmlOctets }, (_request, body, done) =>
      done(null, body),
    );
    const inner = scope.withTypeProvider<TypeBoxTypeProvider>();
    const schema = { tags, params, querystring: importQuery, consumes: xmlTypes, response: { 200: ruleList } };
    inner.post('/rules/:direction/import', { schema, bodyLimit: xmlOctets }, async ({ params, query, body }) => {
      if (typeof body !== 'string') throw new HttpError('UNREADABLE_JSON');
      const { select, mode = 'append', dryRun } = query;
      const wishes = {
        positions: select?.split(',').map(Number),
        isReplacing: mode === 'replace',
        isDry: dryRun === 'true',
      };
      return writeRules(await importRules(services, { direction: params.direction, xml: body, ...wishes }));
    });
  });
}
