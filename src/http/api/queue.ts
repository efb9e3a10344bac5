// `/queue`: what is on its way, and what each message waits for.

import { type Static, Type } from 'typebox';
import { listWaiting, waitingStates } from '../../store/message-list.js';
import type { Message } from '../../store/tables.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant } from './api.js';
import { addressesOf } from './messages.js';
import { pageOf, pageQuery, readPage } from './page.js';

const queuedResource = Type.Object({
  id: Type.String(),
  state: Type.Enum([...waitingStates]),
  from: orNull(Type.String()),
  to: Type.String(),
  parts: Type.Integer(),
  gateway: orNull(Type.String()),
  reason: Type.String({ description: 'why it waits' }),
  dueAt: instant,
  expiresAt: instant,
});

type WaitingState = (typeof waitingStates)[number];

export function queueRoutes(api: Api, { store }: HttpServices): void {
  const schema = {
    tags: ['messages'],
    querystring: strictObject(pageQuery),
    response: { 200: pageOf(queuedResource) },
  };
  api.get('/queue', { schema }, async ({ query }) => {
    const read = (limit: number) => listWaiting(store, { limit, after: query.cursor });
    const { rows, next } = await readPage(query, read, ({ id }) => id);
    const senders = await addressesOf(store, rows);
    return { items: rows.map((message) => writeQueued(message, senders)), next };
  });
}

function writeQueued(message: Message, senders: ReadonlyMap<number, string>): Static<typeof queuedResource> {
  const state = message.state as WaitingState;
  return {
    id: message.id,
    state,
    from: senders.get(message.userId ?? 0) ?? null,
    to: message.recipient,
    parts: message.parts,
    gateway: message.gateway ?? message.pinnedGateway,
    reason: message.error ?? defaultReason[state],
    dueAt: writeInstant(message.dueAt),
    expiresAt: writeInstant(message.expiresAt),
  };
}

const defaultReason: Record<WaitingState, string> = {
  queued: 'its turn has not come',
  offered: 'the phone has not fetched it from its Outbox',
  sending: 'the outcome is awaited',
};
