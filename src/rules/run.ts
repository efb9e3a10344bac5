// One message on its way through the rules: what they have decided so far.

import { readDestination } from './destination.js';
import type { Facts } from './facts.js';
import type { Filling } from './fill.js';
import { limits } from './limits.js';
import type { Destination, Effect, EffectDeed, Outcome, RuleTrace, Verdict } from './outcome.js';

export class Run {
  readonly facts: Facts;
  readonly matched: string[] = [];
  readonly trace: RuleTrace[] = [];
  readonly #effects: Effect[] = [];
  /** Title of the rule that is tried. */
  rule = '';
  verdict: Verdict | undefined;
  priority: number | undefined;
  isPlaced = false;
  /** No later rule is tried. */
  isEnding = false;

  constructor(facts: Facts) {
    this.facts = facts;
  }

  get filling(): Filling {
    return { facts: this.facts, rule: this.rule };
  }

  /** Whether there was room for it. */
  addEffect(deed: EffectDeed): boolean {
    if (this.#effects.length >= limits.effects) return false;
    const { message } = this.facts;
    this.#effects.push({ ...deed, rule: this.rule, message, hops: message.hops + 1 });
    return true;
  }

  finish(): Outcome {
    const { message } = this.facts;
    const destination = readDestination(message.to);
    return {
      verdict: this.verdict ?? accepted,
      message,
      destination: withoutEmpty(destination),
      gateway: gatewayOf(message.direction === 'outgoing' && this.matched.length > 0, destination, message.gateway),
      priority: this.priority,
      effects: this.#effects,
      matched: this.matched,
      isPlaced: this.isPlaced,
      isLooping: false,
      trace: this.trace,
    };
  }
}

const accepted: Verdict = { kind: 'accept' };

/** Where a rule matched, To says which gateway carries it; else what was asked for. */
function gatewayOf(isRouted: boolean, destination: Destination, asked: string | undefined): string | undefined {
  return isRouted ? destination.gateway : asked;
}

// A user without a phone number leaves `&sender=` behind.
function withoutEmpty(destination: Destination): Destination {
  return { ...destination, parameters: destination.parameters.filter(([name, value]) => name !== '' && value !== '') };
}
