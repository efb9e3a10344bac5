// Messages as administrators see them: what waits, and how much of it.

import { and, asc, count, gt, inArray } from 'drizzle-orm';
import { lastAttempt } from './attempts.js';
import type { Session } from './session.js';
import type { MessageState } from './states.js';
import type { Attempt, Message } from './tables.js';

/** States of a message that is on its way. */
export const waitingStates = ['queued', 'offered', 'sending'] as const satisfies readonly MessageState[];

/** A page of what is on its way, oldest first; `after` is the id the last page ended with. */
export async function listWaiting(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<Message[]> {
  const { messages } = session.tables;
  const waiting = inArray(messages.state, [...waitingStates]);
  return session.db
    .select()
    .from(messages)
    .where(page.after === undefined ? waiting : and(waiting, gt(messages.id, page.after)))
    .orderBy(asc(messages.id))
    .limit(page.limit);
}

/** The attempts of several messages, each message's in the order they were made. */
export async function listAttemptsOf(session: Session, messages: readonly Message[]): Promise<Attempt[]> {
  const { attempts } = session.tables;
  const ended = await session.db
    .select()
    .from(attempts)
    .where(inArray(attempts.messageId, idsOf(messages)))
    .orderBy(asc(attempts.id));
  return [...ended, ...messages.flatMap(lastAttempt)];
}

/** How often each of these messages was tried. */
export async function countAttemptsOf(session: Session, messages: readonly Message[]): Promise<Map<string, number>> {
  const { attempts } = session.tables;
  const rows = await session.db
    .select({ id: attempts.messageId, n: count() })
    .from(attempts)
    .where(inArray(attempts.messageId, idsOf(messages)))
    .groupBy(attempts.messageId);
  const ended = new Map(rows.map(({ id, n }) => [id, n]));
  return new Map(messages.map((message) => [message.id, (ended.get(message.id) ?? 0) + lastAttempt(message).length]));
}

function idsOf(messages: readonly Message[]): string[] {
  return messages.map(({ id }) => id);
}

/** Messages in every state in which something is still to come; zero where there is none. */
export async function countOpenMessages(session: Session): Promise<{ state: string; messages: number }[]> {
  const { messages } = session.tables;
  const counted = await session.db
    .select({ state: messages.state, messages: count() })
    .from(messages)
    .where(inArray(messages.state, [...waitingStates]))
    .groupBy(messages.state);
  return waitingStates.map((state) => ({
    state,
    messages: counted.find((row) => row.state === state)?.messages ?? 0,
  }));
}
