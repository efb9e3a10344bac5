// Webhooks as the administrator configured them, and in memory which events anybody wants to hear: every text that is sent
// asks.

import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { openWebhook, sealWebhook } from './sealing.js';
import type { Changes } from './changes.js';
import type { Session, Transaction } from './session.js';
import type { EventName } from './states.js';
import { prepared } from './statement.js';
import type { Webhook } from './tables.js';
import { run, type Steps } from './transaction.js';

export class WantedEvents {
  #events: ReadonlySet<EventName> = new Set();

  /** Hears of changes before anybody who asks it then: it has to be the first that listens. */
  constructor(changes: Changes) {
    changes.listen('webhooks', ({ wanted }) => (this.#events = wanted));
  }

  has(event: EventName): boolean {
    return this.#events.has(event);
  }

  async load(session: Session): Promise<void> {
    this.#events = eventsOf(await everyActive(session, {}));
  }
}

function eventsOf(webhooks: readonly Webhook[]): ReadonlySet<EventName> {
  return new Set(webhooks.flatMap(({ events }) => events));
}

const everyActive = prepared((db, { webhooks }) =>
  db
    .select()
    .from(webhooks)
    .where(sql`${webhooks.active}`)
    .orderBy(asc(webhooks.id)),
);

export function* getActiveWebhooks(session: Session): Steps<Webhook[]> {
  return (yield* run(everyActive(session, {}))).map((row) => openWebhook(session.secrets, row));
}

export async function findWebhook(session: Session, id: string): Promise<Webhook | undefined> {
  const { webhooks } = session.tables;
  const [row] = await session.db.select().from(webhooks).where(eq(webhooks.id, id));
  return row && openWebhook(session.secrets, row);
}

/** A page of webhooks in the order of their ids; `after` is the id the last page ended with. */
export async function listWebhooks(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<Webhook[]> {
  const { webhooks } = session.tables;
  const rows = await session.db
    .select()
    .from(webhooks)
    .where(page.after === undefined ? undefined : gt(webhooks.id, page.after))
    .orderBy(asc(webhooks.id))
    .limit(page.limit);
  return rows.map((row) => openWebhook(session.secrets, row));
}

export type WebhookRow = Omit<Webhook, 'lastError' | 'createdAt'> & { now: number };

/** Creates or replaces a webhook. What waits for it is due at once. */
export function* putWebhook(tx: Transaction, { now, ...plain }: WebhookRow): Steps<void> {
  const row = { ...plain, ...sealWebhook(tx.secrets, plain.id, plain) };
  const { webhooks, webhookCalls } = tx.tables;
  yield* run(
    tx.db
      .insert(webhooks)
      .values({ ...row, createdAt: now })
      .onConflictDoUpdate({ target: webhooks.id, set: { ...row, lastError: null } }),
  );
  const postponed = and(eq(webhookCalls.webhook, row.id), gt(webhookCalls.dueAt, now));
  yield* run(tx.db.update(webhookCalls).set({ dueAt: now }).where(postponed));
  yield* announceWanted(tx);
}

/** With all that waits for it. False when there was none. */
export function* deleteWebhook(tx: Transaction, id: string): Steps<boolean> {
  const { webhooks } = tx.tables;
  const deleted = yield* run(tx.db.delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id }));
  yield* announceWanted(tx);
  return deleted.length > 0;
}

function* announceWanted(tx: Transaction): Steps<void> {
  tx.announce({ topic: 'webhooks', wanted: eventsOf(yield* getActiveWebhooks(tx)) });
}

/** What went wrong last, in words that name nobody; `null` once something went right. */
export function* noteWebhookError(tx: Transaction, id: string, lastError: string | null): Steps<void> {
  const { webhooks } = tx.tables;
  yield* run(tx.db.update(webhooks).set({ lastError }).where(eq(webhooks.id, id)));
}
