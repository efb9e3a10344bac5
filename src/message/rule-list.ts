// The lists of rules as an administrator changes them: checked whole before they are kept, one change after the other.

import type { Rule } from '../rules/rule.js';
import { refuseHidden } from '../rules/without-secrets.js';
import { getRules, replaceRules, type WrittenRule } from '../store/rules.js';
import type { Store } from '../store/open.js';
import type { RuleDirection, RulePart } from '../store/states.js';
import { compileWritten } from './rule-book.js';
import type { MessageServices } from './submit.js';

export type KeptRule = Rule & { id: string };

/** In their order. */
export async function listRules(store: Store, direction: RuleDirection): Promise<KeptRule[]> {
  return (await store.read((session) => getRules(session, direction))).map(readKept);
}

type WithId = Rule & { id?: string | undefined };

/** The whole list, in place of the one before. Throws RuleError. */
export async function saveRules(
  services: MessageServices,
  direction: RuleDirection,
  rules: readonly WithId[],
): Promise<KeptRule[]> {
  return changeRules(services, direction, () => rules);
}

// Of two changes at once the later one sees what the earlier one did.
const changing = new WeakMap<Store, Promise<unknown>>();

/** What `change` makes of the list. Throws RuleError, and whatever `change` throws. */
export function changeRules(
  services: MessageServices,
  direction: RuleDirection,
  change: (rules: readonly KeptRule[]) => readonly WithId[],
): Promise<KeptRule[]> {
  const { store } = services;
  const before = changing.get(store) ?? Promise.resolve();
  const mine = before.then(() => makeChange(services, direction, change));
  changing.set(
    store,
    mine.catch(() => undefined),
  );
  return mine;
}

async function makeChange(
  { store, newId }: MessageServices,
  direction: RuleDirection,
  change: (rules: readonly KeptRule[]) => readonly WithId[],
): Promise<KeptRule[]> {
  const known = await listRules(store, direction);
  const ids = new Set(known.map(({ id }) => id));
  const rules = change(known).map((rule): KeptRule => {
    const { id, title, enabled, conditions, actions } = rule;
    // A rule that is written with the id that it was read with stays the same one, and only one does.
    const kept = id !== undefined && ids.delete(id) ? id : newId();
    return { id: kept, title, enabled, conditions, actions };
  });
  refuseHidden(rules);
  await compileWritten(store, direction, rules);
  await store.transact((tx) => replaceRules(tx, direction, rules.map(writeKept)));
  return rules;
}

function readKept({ conditions, actions, ...rule }: WrittenRule): KeptRule {
  return { ...rule, conditions, actions } as unknown as KeptRule;
}

function writeKept({ conditions, actions, ...rule }: KeptRule): WrittenRule {
  return { ...rule, conditions: conditions as unknown as RulePart[], actions: actions as unknown as RulePart[] };
}
