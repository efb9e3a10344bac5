// What each action is compiled to.

import type { EffectDeed } from './outcome.js';
import type { PatternBudget } from './pattern.js';
import type { Direction } from './rule.js';
import type { Run } from './run.js';

export type Step = (run: Run) => Did;

/** In words: what was done, or why it was not. */
export type Did = { readonly did: string } | { readonly skipped: string };

export interface ActionSurroundings {
  readonly direction: Direction;
  readonly budget: PatternBudget;
}

/** Notes what is done outside afterwards. */
export function effect(run: Run, deed: EffectDeed, words: string): Did {
  return run.addEffect(deed) ? { did: words } : { skipped: 'one message sets no more going' };
}
