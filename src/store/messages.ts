// The queue: outbound messages, their attempts, and the claim that keeps two dispatchers from taking the same one.

import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import { lastAttempt } from './attempts.js';
import { hasElected } from './elected.js';
import { anyGateway } from './lanes.js';
import { sealOctets } from './push-octets.js';
import type { Session } from './session.js';
import { prepared } from './statement.js';
import type { MessageProperties } from './states.js';
import type { Attempt, Message } from './tables.js';
import { run, type Steps } from './transaction.js';

// A row that grows when it is begun splits its page, and the pages beside it are written anew as well.
const room = '                        ';

const columns = {
  id: sql.placeholder('id'),
  userId: sql.placeholder('userId'),
  origin: sql.placeholder('origin'),
  recipient: sql.placeholder('recipient'),
  text: sql.placeholder('text'),
  parts: sql.placeholder('parts'),
  sender: sql.placeholder('sender'),
  pinnedGateway: sql.placeholder('pinnedGateway'),
  gateway: sql.placeholder('lane'),
  claimedBy: room,
  dueAt: sql.placeholder('now'),
  expiresAt: sql.placeholder('expiresAt'),
  warnAt: sql.placeholder('warnAt'),
  createdAt: sql.placeholder('now'),
};

const insertMessage = prepared((db, { messages }) => db.insert(messages).values(columns));

const insertWithProperties = prepared((db, { messages }) =>
  db
    .insert(messages)
    .values({ ...columns, properties: sql.placeholder('properties'), dueAt: sql.placeholder('dueAt') }),
);

export interface QueuedMessage {
  id: string;
  userId: number | undefined;
  origin: string;
  recipient: string;
  text: string;
  parts: number;
  sender: string | undefined;
  properties?: MessageProperties | undefined;
  pinnedGateway: string | undefined;
  expiresAt: number;
  /** Absent where nobody can be told. */
  warnAt?: number | undefined;
  now: number;
  /** As its sender wrote it, where rules have changed it since: a request that comes again is known by it. */
  asked?: QueuedMessage | undefined;
}

/** The one INSERT of an accepted message. */
export function* enqueue(tx: Session, message: QueuedMessage): Steps<void> {
  const { id, origin, recipient, text, parts, expiresAt, now, properties } = message;
  const { userId = null, sender = null, pinnedGateway = null, warnAt = null } = message;
  const lane = yield* laneOf(tx, message);
  const values = { id, userId, origin, recipient, text, parts, sender, pinnedGateway, lane, expiresAt, warnAt, now };
  yield* run(
    properties === undefined
      ? insertMessage(tx, values)
      : insertWithProperties(tx, {
          ...values,
          properties: sealOctets(tx.secrets, message),
          dueAt: dueAtOf(now, properties),
        }),
  );
}

// What is due longest goes first. A high priority passes by whatever waits; a low one lets what comes after it pass for a while.
function dueAtOf(now: number, { priority = normalPriority }: MessageProperties): number {
  const step = priority < normalPriority ? dayMilliseconds : minuteMilliseconds;
  return now + (priority - normalPriority) * step;
}

const normalPriority = 3;
const minuteMilliseconds = 60_000;
const dayMilliseconds = 24 * 60 * 60_000;

/** Accepted, and sent to nobody: a rule threw it away. */
export function* discard(tx: Session, { id, reason, now }: { id: string; reason: string; now: number }): Steps<void> {
  const { messages } = tx.tables;
  const end = { state: 'failed' as const, error: reason, gateway: null, warnAt: null, finishedAt: now };
  yield* run(tx.db.update(messages).set(end).where(eq(messages.id, id)));
}

/** Accepted, and for no gateway: something else ends it, or it expires. */
export function* keepFromGateways(
  tx: Session,
  { id, expiresAt }: Pick<QueuedMessage, 'id' | 'expiresAt'>,
): Steps<void> {
  const { messages } = tx.tables;
  yield* run(tx.db.update(messages).set({ gateway: null, dueAt: expiresAt }).where(eq(messages.id, id)));
}

// Which gateway carries a text is a question only where its sender has a phone for it, asks for a gateway, or sends what not
// each of them takes: then it is routed at once. Any other waits for the next place at any gateway.
function* laneOf(tx: Session, { userId, pinnedGateway, properties }: QueuedMessage): Steps<string | null> {
  if (pinnedGateway !== undefined || concernsGateways(properties)) return null;
  return userId !== undefined && (yield* hasElected(tx, userId)) ? null : anyGateway;
}

// The mail that it was written as says nothing to any gateway.
function concernsGateways(properties: MessageProperties | undefined): boolean {
  if (properties === undefined) return false;
  for (const name in properties) if (name !== 'mailId') return true;
  return false;
}

const messageOf = prepared((db, { messages }) =>
  db
    .select()
    .from(messages)
    .where(eq(messages.id, sql.placeholder('id'))),
);

export function* getMessage(tx: Session, id: string): Steps<Message | undefined> {
  return (yield* run(messageOf(tx, { id })))[0];
}

export async function findMessage(session: Session, id: string): Promise<Message | undefined> {
  const [row] = await messageOf(session, { id });
  return row;
}

export async function listAttempts(session: Session, messageId: string): Promise<Attempt[]> {
  const { attempts } = session.tables;
  const ended = await session.db
    .select()
    .from(attempts)
    .where(eq(attempts.messageId, messageId))
    .orderBy(asc(attempts.id));
  const message = await findMessage(session, messageId);
  return message ? [...ended, ...lastAttempt(message)] : ended;
}

/** A page of messages, newest first: ids grow with time. */
export async function listMessages(
  session: Session,
  page: { limit: number; before?: string | undefined },
): Promise<Message[]> {
  const { messages } = session.tables;
  return session.db
    .select()
    .from(messages)
    .where(page.before === undefined ? undefined : and(lt(messages.id, page.before)))
    .orderBy(desc(messages.id))
    .limit(page.limit);
}
