// The rules that decide on the state of a device, in their order.

import { asc } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import type { DeviceRule } from './tables.js';
import { run, type Steps } from './transaction.js';

export type WrittenRule = Pick<DeviceRule, 'field' | 'pattern' | 'state'>;

export function* getDeviceRules(session: Session): Steps<WrittenRule[]> {
  const { deviceRules } = session.tables;
  const { field, pattern, state } = deviceRules;
  return yield* run(session.db.select({ field, pattern, state }).from(deviceRules).orderBy(asc(deviceRules.position)));
}

/** The whole list, in place of the one before. */
export function* replaceDeviceRules(tx: Transaction, rules: readonly WrittenRule[]): Steps<void> {
  const { deviceRules } = tx.tables;
  yield* run(tx.db.delete(deviceRules));
  if (rules.length === 0) return;
  yield* run(tx.db.insert(deviceRules).values(rules.map((rule, position) => ({ ...rule, position }))));
}
