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
import { MessageError } from './errors.js';
import { limits } from './limits.js';

/** Nothing where no rule is enabled. */
export type EnabledRules = RuleSet | undefined;

class RuleBook {
  readonly #store: Store;
  readonly #compiled = new Map<RuleDirection, { rules: EnabledRules }>();
  /** A look that began before a change is not kept. */
  #changes = 0;

  constructor(store: Store) {
    this.#store = store;
    const forget = (): void => {
      this.#changes++;
      this.#compiled.clear();
    };
    store.changes.listen('rules', forget);
    // The country in which national numbers are read.
    store.changes.listen('settings', forget);
  }

  get(direction: RuleDirection): EnabledRules | Promise<EnabledRules> {
    const compiled = this.#compiled.get(direction);
    return compiled ? compiled.rules : this.#compile(direction);
  }

  async #compile(direction: RuleDirection): Promise<EnabledRules> {
    const changes = this.#changes;
    const written = await this.#store.read((session) => getRules(session, direction));
    const isAnyEnabled = written.some(({ enabled }) => enabled);
    const rules = isAnyEnabled ? await this.#compileSaved(direction, written as unknown as Rule[]) : undefined;
    if (changes === this.#changes) this.#compiled.set(direction, { rules });
    return rules;
  }

  // They were checked when they were saved: a list file is gone since. Nothing passes untried.
  async #compileSaved(direction: RuleDirection, written: readonly Rule[]): Promise<RuleSet> {
    try {
      return await compileWritten(this.#store, direction, written);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      throw new MessageError('RULES_UNAVAILABLE', undefined, error.message);
    }
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

const ofStore = new WeakMap<Store, RuleBook>();

/**
 * Those of one direction as they are now; a promise only where they have changed since the last look.
 * Throws MessageError RULES_UNAVAILABLE.
 */
export function rulesOf(store: Store, direction: RuleDirection): EnabledRules | Promise<EnabledRules> {
  let book = ofStore.get(store);
  if (!book) ofStore.set(store, (book = new RuleBook(store)));
  return book.get(direction);
}
