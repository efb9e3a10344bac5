// The rules of a store, compiled and kept in memory: every submission asks whether there are any.

import { readFile, stat } from 'node:fs/promises';
import { compileRules } from '../rules/compile.js';
import type { CompileOptions, RuleSet } from '../rules/engine.js';
import { RuleError } from '../rules/errors.js';
import type { Rule } from '../rules/rule.js';
import { isCountry } from '../sms/number.js';
import type { Store } from '../store/open.js';
import { getRules } from '../store/rules.js';
import type { RuleDirection } from '../store/states.js';
import { ofEachStore, UntilChanged } from '../store/until-changed.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';

/** Nothing where no rule is enabled. */
export type EnabledRules = RuleSet | undefined;

// The settings hold the country in which national numbers are read.
const ofStore = ofEachStore((store) => {
  const kept = (direction: RuleDirection) =>
    new UntilChanged(store, ['rules', 'settings'], () => compileEnabled(store, direction));
  return { outgoing: kept('outgoing'), incoming: kept('incoming') } satisfies Record<RuleDirection, unknown>;
});

async function compileEnabled(store: Store, direction: RuleDirection): Promise<EnabledRules> {
  const written = await store.read((session) => getRules(session, direction));
  const isAnyEnabled = written.some(({ enabled }) => enabled);
  return isAnyEnabled ? compileSaved(store, direction, written as unknown as Rule[]) : undefined;
}

// They were checked when they were saved: a list file is gone since. Nothing passes untried.
async function compileSaved(store: Store, direction: RuleDirection, written: readonly Rule[]): Promise<RuleSet> {
  try {
    return await compileWritten(store, direction, written);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw new MessageError('RULES_UNAVAILABLE', undefined, error.message);
  }
}

/** Throws RuleError. */
export async function compileWritten(
  store: Store,
  direction: RuleDirection,
  written: readonly Rule[],
): Promise<RuleSet> {
  const { defaultCountry } = store.settings.current;
  const country = defaultCountry !== undefined && isCountry(defaultCountry) ? defaultCountry : undefined;
  const options: CompileOptions = { direction, defaultCountry: country, readListFile };
  return compileRules(written, options);
}

// Read when the rules are compiled, once: a list that grew is read with the next change, or start.
async function readListFile(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > limits.listFileOctets) throw new RangeError('the list is longer than the limit');
  return readFile(file, 'utf8');
}

/**
 * Those of one direction as they are now; a promise only where they have changed since the last look.
 * Throws MessageError RULES_UNAVAILABLE.
 */
export function rulesOf(store: Store, direction: RuleDirection): EnabledRules | Promise<EnabledRules> {
  return ofStore(store)[direction].get();
}
