// The octets of push messages, sealed: they hold passwords and PINs, or digests by which passwords can be tried. Those of other
// messages are texts.

import { and, eq, gt, isNotNull } from 'drizzle-orm';
import type { Secrets } from './secrets.js';
import type { Transaction } from './session.js';
import type { MessageProperties } from './states.js';
import { run, type Steps } from './transaction.js';

interface WithOctets {
  id: string;
  origin: string;
  properties?: MessageProperties | null | undefined;
}

/** The properties as they are kept. */
export function sealOctets(secrets: Secrets, { id, origin, properties }: WithOctets): MessageProperties | undefined {
  if (origin !== 'push' || properties?.data === undefined) return properties ?? undefined;
  return { ...properties, data: secrets.seal(properties.data, placeOf(id)) };
}

/** The message as a bearer has to have it. Throws StoreError SECRETS_UNREADABLE. */
export function openOctets<Row extends WithOctets>(secrets: Secrets, message: Row): Row {
  const { id, origin, properties } = message;
  if (origin !== 'push' || properties?.data === undefined) return message;
  return { ...message, properties: { ...properties, data: secrets.openOnce(properties.data, placeOf(id)) } };
}

function placeOf(id: string): string {
  return `messages.data ${id}`;
}

const markName = 'sealed';
const rowsAtOnce = 500;

/** All of them under the key in use; looked through once for each key, since they may lie among millions of texts. */
export function* sealPushOctets(tx: Transaction): Steps<void> {
  const { settings } = tx.tables;
  const [mark] = yield* run(tx.db.select().from(settings).where(eq(settings.name, markName)));
  const value = { pushOctets: tx.secrets.keyInUse };
  if (mark?.value['pushOctets'] === value.pushOctets) return;
  for (let last: string | undefined = ''; last !== undefined;) last = yield* sealSome(tx, last);
  yield* run(
    tx.db
      .insert(settings)
      .values({ name: markName, value })
      .onConflictDoUpdate({ target: settings.name, set: { value } }),
  );
}

/** The id of the last row that was looked at. */
function* sealSome(tx: Transaction, after: string): Steps<string | undefined> {
  const { messages } = tx.tables;
  const { id, origin, properties } = messages;
  const isPush = and(gt(id, after), eq(origin, 'push'), isNotNull(properties));
  const rows = yield* run(
    tx.db.select({ id, origin, properties }).from(messages).where(isPush).orderBy(id).limit(rowsAtOnce),
  );
  for (const row of rows) {
    if (tx.secrets.isCurrent(row.properties?.data ?? null)) continue;
    const sealed = sealOctets(tx.secrets, openOctets(tx.secrets, row));
    yield* run(tx.db.update(messages).set({ properties: sealed }).where(eq(id, row.id)));
  }
  return rows.length < rowsAtOnce ? undefined : rows.at(-1)?.id;
}
