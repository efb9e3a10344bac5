// `/queue`: what is on its way, and what each message waits for.

import { type Static, Type } from 'typebox';
import type { Hindrance } from '../../gateway/health.js';
import { whyWaiting } from '../../message/waiting.js';
import { countAttemptsOf, listWaiting, waitingStates } from '../../store/message-list.js';
import { gatewayOf } from '../../store/lanes.js';
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
  reason: Type.String({ description: 'what it waits for' }),
  attempts: Type.Integer({ description: 'how often a gateway was asked' }),
  dueAt: instant,
  expiresAt: instant,
});

type WaitingState = (typeof waitingStates)[number];

export function queueRoutes(api: Api, { store, now, health }: HttpServices): void {
  const schema = {
    tags: ['messages'],
    querystring: strictObject(pageQuery),
    response: { 200: pageOf(queuedResource) },
  };
  api.get('/queue', { schema }, async ({ query }) => {
    const read = (limit: number) => listWaiting(store, { limit, after: query.cursor });
    const { rows, next } = await readPage(query, read, ({ id }) => id);
    const beside = { senders: await addressesOf(store, rows), attempts: await countAttemptsOf(store, rows) };
    const paceOf = ({ gateway }: Message) => (gateway === null ? undefined : health?.paceOf(gateway, now()));
    return { items: rows.map((message) => writeQueued(message, { ...beside, pace: paceOf(message) })), next };
  });
}

interface Beside {
  senders: ReadonlyMap<number, string>;
  attempts: ReadonlyMap<string, number>;
  /** What holds up its gateway. */
  pace: Hindrance | undefined;
}

function writeQueued(message: Message, { senders, attempts, pace }: Beside): Static<typeof queuedResource> {
  return {
    id: message.id,
    state: message.state as WaitingState,
    from: senders.get(message.userId ?? 0) ?? null,
    to: message.recipient,
    parts: message.parts,
    gateway: gatewayOf(message),
    reason: whyWaiting(message, pace?.reason),
    attempts: attempts.get(message.id) ?? 0,
    dueAt: writeInstant(Math.max(message.dueAt, message.state === 'queued' ? (pace?.until ?? 0) : 0)),
    expiresAt: writeInstant(message.expiresAt),
  };
}
