// Gateways as the administrator configured them, and what they have to do.

import { and, asc, count, eq, gt, inArray, max, sql } from 'drizzle-orm';
import { forgetModem, forgetTriedPin } from './modems.js';
import { openGateway, sealGateway } from './sealing.js';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Gateway } from './tables.js';
import { run, type Steps } from './transaction.js';

const everyGateway = prepared((db, { gateways }) => db.select().from(gateways).orderBy(asc(gateways.id)));

export function* getGateways(tx: Session): Steps<Gateway[]> {
  return (yield* run(everyGateway(tx, {}))).map((row) => openGateway(tx.secrets, row));
}

const gatewayById = prepared((db, { gateways }) =>
  db
    .select()
    .from(gateways)
    .where(eq(gateways.id, sql.placeholder('id'))),
);

export function* getGateway(tx: Session, id: string): Steps<Gateway | undefined> {
  const [row] = yield* run(gatewayById(tx, { id }));
  return row && openGateway(tx.secrets, row);
}

/** A page of gateways in the order of their ids; `after` is the id the last page ended with. */
export async function listGateways(
  session: Session,
  page: { limit: number; after?: string | undefined },
): Promise<Gateway[]> {
  const { gateways } = session.tables;
  const rows = await session.db
    .select()
    .from(gateways)
    .where(page.after === undefined ? undefined : gt(gateways.id, page.after))
    .orderBy(asc(gateways.id))
    .limit(page.limit);
  return rows.map((row) => openGateway(session.secrets, row));
}

/** What is left out a gateway has not. */
export type GatewayRow = Pick<Gateway, 'id' | 'type' | 'active' | 'options'> &
  Partial<Omit<Gateway, 'lastError' | 'createdAt'>> & { now: number };

const bare = {
  description: null,
  password: null,
  emailFrom: null,
  deliverTo: [] as string[],
  limits: null,
  webhookSecret: null,
} satisfies Partial<Gateway>;

/** Creates or replaces a gateway. */
export function* putGateway(tx: Transaction, { now, ...given }: GatewayRow): Steps<void> {
  const { gateways } = tx.tables;
  const plain = { ...bare, ...given };
  const row = { ...plain, ...sealGateway(tx.secrets, plain.id, plain) };
  // No two at the same instant, so that their order is known.
  const [newest] = yield* run(tx.db.select({ at: max(gateways.createdAt) }).from(gateways));
  const createdAt = Math.max(now, (newest?.at ?? 0) + 1);
  yield* run(
    tx.db
      .insert(gateways)
      .values({ ...row, createdAt })
      .onConflictDoUpdate({ target: gateways.id, set: { ...row, lastError: null } }),
  );
  yield* forgetTriedPin(tx, row.id);
  tx.announce({ topic: 'gateways' });
}

/** False when there was none. */
export function* deleteGateway(tx: Transaction, id: string): Steps<boolean> {
  const { gateways } = tx.tables;
  const deleted = yield* run(tx.db.delete(gateways).where(eq(gateways.id, id)).returning({ id: gateways.id }));
  yield* forgetModem(tx, id);
  if (deleted.length > 0) tx.announce({ topic: 'gateways' });
  return deleted.length > 0;
}

/** What went wrong last, in words that name nobody. Nothing is announced: the gateway is the same. */
export function* noteGatewayError(tx: Transaction, id: string, lastError: string): Steps<void> {
  const { gateways } = tx.tables;
  yield* run(tx.db.update(gateways).set({ lastError }).where(eq(gateways.id, id)));
}

const openOf = prepared((db, { messages }) =>
  db
    .select({ n: count() })
    .from(messages)
    .where(
      and(inArray(messages.state, ['queued', 'offered', 'sending']), eq(messages.gateway, sql.placeholder('gateway'))),
    ),
);

/** Messages routed to a gateway whose outcome is awaited. */
export function* countOpen(tx: Session, gateway: string): Steps<number> {
  return (yield* run(openOf(tx, { gateway })))[0]!.n;
}

const sentOf = prepared((db, { messages }) =>
  db
    .select({ n: count() })
    .from(messages)
    .where(and(inArray(messages.state, ['sent', 'delivered']), eq(messages.gateway, sql.placeholder('gateway')))),
);

export function* countSent(tx: Session, gateway: string): Steps<number> {
  return (yield* run(sentOf(tx, { gateway })))[0]!.n;
}
