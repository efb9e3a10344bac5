// `/incoming`: what gateways brought, and what of it lies in nobody's mailbox.

import { type Static, Type } from 'typebox';
import { findIncoming, listIncoming } from '../../store/incoming.js';
import type { Incoming } from '../../store/tables.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { pageOf, pageQuery, readPage } from './page.js';

const incomingResource = Type.Object({
  id: Type.String(),
  gateway: Type.String(),
  reference: orNull(Type.String({ description: 'what the gateway calls it' })),
  from: Type.String(),
  to: orNull(Type.String()),
  text: Type.String(),
  data: orNull(Type.String({ description: 'octets of a binary message, base64' })),
  udh: orNull(Type.String({ description: 'user data header without its length octet, base64' })),
  pid: orNull(Type.Integer()),
  dcs: orNull(Type.Integer()),
  parts: orNull(Type.Integer({ description: 'of a message that came in parts' })),
  missing: Type.Array(Type.Integer(), { description: 'the parts that never came' }),
  placed: Type.Boolean({ description: 'false while it lies in nobody’s mailbox' }),
  keptBy: orNull(Type.String({ description: 'title of the rule that keeps it from all mailboxes' })),
  sentAt: orNull(instant),
  receivedAt: instant,
});

const params = Type.Object({ id: Type.String() });
const tags = ['messages'];
const query = strictObject({
  ...pageQuery,
  placed: Type.Optional(Type.Enum(['false'], { description: 'only what lies in nobody’s mailbox' })),
});

export function incomingRoutes(api: Api, { store }: HttpServices): void {
  api.get(
    '/incoming',
    { schema: { tags, querystring: query, response: { 200: pageOf(incomingResource) } } },
    async ({ query }) => {
      const isUnplaced = query.placed === 'false';
      const read = (limit: number) => listIncoming(store, { limit, before: query.cursor, isUnplaced });
      const { rows, next } = await readPage(query, read, ({ id }) => id);
      return { items: rows.map(writeIncoming), next };
    },
  );
  api.get('/incoming/:id', { schema: { tags, params, response: { 200: incomingResource } } }, async ({ params }) => {
    const text = await findIncoming(store, params.id);
    if (!text) throw new HttpError('NO_SUCH_MESSAGE');
    return writeIncoming(text);
  });
}

function writeIncoming({ properties, ...text }: Incoming): Static<typeof incomingResource> {
  const { data = null, udh = null, pid = null, dcs = null, sentAt, unplaced = false } = properties ?? {};
  const { parts = null, missing = [], keptBy = null } = properties ?? {};
  const { id, gateway, reference, sender: from, recipient: to } = text;
  const times = { sentAt: writeInstantOrNull(sentAt), receivedAt: writeInstant(text.receivedAt) };
  const content = { text: text.text, data, udh, pid, dcs, parts, missing };
  return { id, gateway, reference, from, to, ...content, placed: !unplaced, keptBy, ...times };
}
