// `/messages`: sending for a user, and what became of it.

import { type Static, Type } from 'typebox';
import { AccountError } from '../../accounts/errors.js';
import { termsOf } from '../../accounts/sending.js';
import { isBinary, octetsTold } from '../../message/content.js';
import { submit } from '../../message/submit.js';
import { gatewayOf } from '../../store/lanes.js';
import { findMessage, listAttempts, listMessages } from '../../store/messages.js';
import { listAttemptsOf } from '../../store/message-list.js';
import type { Store } from '../../store/open.js';
import { messageStates } from '../../store/states.js';
import type { Attempt, Message, User } from '../../store/tables.js';
import { getUser, listUserRows } from '../../store/users.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { callerOf, gatewayFor, maySee } from './caller.js';
import { messageBody, messageHeaders, readSubmission } from './message-body.js';
import { pageOf, pageQuery, readPage } from './page.js';

const acceptedMessages = Type.Object({ ids: Type.Array(Type.String()), parts: Type.Integer() });

const attemptResource = Type.Object({
  gateway: Type.String(),
  startedAt: instant,
  endedAt: orNull(instant),
  outcome: orNull(Type.String()),
  reason: orNull(Type.String()),
});

const messageResource = Type.Object({
  id: Type.String(),
  state: Type.Enum([...messageStates]),
  from: orNull(Type.String()),
  account: orNull(Type.String({ description: 'the SMS account that it is counted for' })),
  to: Type.String(),
  text: Type.String({
    description: 'base64 of the octets where binary is true; empty for push messages, which hold secrets',
  }),
  parts: Type.Integer(),
  sender: orNull(Type.String()),
  binary: Type.Boolean(),
  udh: orNull(Type.String({ description: 'base64, without its length octet' })),
  pid: orNull(Type.Integer()),
  dcs: orNull(Type.Integer()),
  values: Type.Array(Type.String()),
  reply: orNull(Type.String()),
  msgid: orNull(Type.String()),
  gateway: orNull(Type.String()),
  attempts: Type.Array(attemptResource),
  error: orNull(Type.String()),
  createdAt: instant,
  expiresAt: instant,
  warnAt: orNull(instant),
  finishedAt: orNull(instant),
});

const params = Type.Object({ id: Type.String() });
const tags = ['messages'];

export function messageRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  api.post(
    '/messages',
    { schema: { tags, body: messageBody, headers: messageHeaders, response: { 202: acceptedMessages } } },
    async (request, reply) => {
      const gateway = gatewayFor(callerOf(request), request.body.gateway);
      const user = await findSender(store, request.body.from);
      const terms = await termsOf(store, { way: 'session', user }, services.now());
      services.credentials.rates.countSender(terms);
      const submission = { ...readSubmission(request.body, { user, request }), gateway, terms };
      const { ids, parts } = await submit(services, submission);
      return reply.code(202).send({ ids, parts });
    },
  );
  api.get(
    '/messages',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(messageResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listMessages(store, { limit, before: query.cursor });
      const { rows, next } = await readPage(query, read, ({ id }) => id);
      return { items: await writeMessages(store, rows), next };
    },
  );
  api.get('/messages/:id', { schema: { tags, params, response: { 200: messageResource } } }, async (request) => {
    const message = await findMessage(store, request.params.id);
    if (!message || !maySee(callerOf(request), message)) throw new HttpError('NO_SUCH_MESSAGE');
    const senders = await addressesOf(store, [message]);
    return writeMessage(message, { attempts: await listAttempts(store, message.id), senders });
  });
}

/** Throws AccountError NO_SUCH_USER. */
async function findSender(store: Store, address: string): Promise<User> {
  const user = await store.read((session) => getUser(session, address.toLowerCase()));
  if (!user) throw new AccountError('NO_SUCH_USER', 'from');
  return user;
}

async function writeMessages(store: Store, messages: readonly Message[]): Promise<Static<typeof messageResource>[]> {
  const attempts = await listAttemptsOf(store, messages);
  const senders = await addressesOf(store, messages);
  return messages.map((message) =>
    writeMessage(message, { attempts: attempts.filter(({ messageId }) => messageId === message.id), senders }),
  );
}

/** Addresses of the senders that still exist, by their rows. */
export async function addressesOf(store: Store, messages: readonly Message[]): Promise<Map<number, string>> {
  const rows = [...new Set(messages.flatMap(({ userId }) => userId ?? []))];
  return new Map((await listUserRows(store, rows)).map(({ id, address }) => [id, address]));
}

interface Beside {
  attempts: readonly Attempt[];
  senders: ReadonlyMap<number, string>;
}

function writeMessage(message: Message, { attempts, senders }: Beside): Static<typeof messageResource> {
  const { udh, pid, dcs, values, reply, msgid } = message.properties ?? {};
  return {
    id: message.id,
    state: message.state,
    from: senders.get(message.userId ?? 0) ?? null,
    account: message.properties?.account ?? null,
    to: message.recipient,
    text: octetsTold(message) ?? message.text,
    parts: message.parts,
    sender: message.sender,
    binary: isBinary(message),
    udh: udh ?? null,
    pid: pid ?? null,
    dcs: dcs ?? null,
    values: values ?? [],
    reply: reply ?? null,
    msgid: msgid ?? null,
    gateway: gatewayOf(message),
    attempts: attempts.map(writeAttempt),
    error: message.error,
    createdAt: writeInstant(message.createdAt),
    expiresAt: writeInstant(message.expiresAt),
    warnAt: writeInstantOrNull(message.warnAt),
    finishedAt: writeInstantOrNull(message.finishedAt),
  };
}

function writeAttempt({ gateway, startedAt, endedAt, outcome, reason }: Attempt): Static<typeof attemptResource> {
  const times = { startedAt: writeInstant(startedAt), endedAt: writeInstantOrNull(endedAt) };
  return { gateway, ...times, outcome, reason };
}
