// Which gateway carries a message, and before which others.

import { readDestination, writeDestination } from './destination.js';
import { RuleError } from './errors.js';
import { fill } from './fill.js';
import { limits } from './limits.js';
import { priorities, type Direction, type PriorityName } from './rule.js';
import type { Step } from './step.js';
import { readTemplate } from './template.js';

/** The same as an edit of To. Throws RuleError BAD_ACTION, BAD_VARIABLE. */
export function compileGateway(written: string, direction: Direction): Step {
  if (direction === 'incoming') throw new RuleError('BAD_ACTION', 'an incoming message has come through its gateway');
  const template = readTemplate(written.trim());
  if (template.length === 0) throw new RuleError('BAD_ACTION', 'a gateway is needed');
  return (run) => {
    const gateway = fill(template, 'header', run.filling).trim();
    const { message } = run.facts;
    const to = writeDestination({ ...readDestination(message.to), gateway });
    if (gateway === '' || to.length > limits.headerCharacters) return { skipped: 'no gateway is left' };
    run.facts.change({ ...message, to });
    return { did: `through ${gateway}` };
  };
}

/** Throws RuleError BAD_ACTION. */
export function compilePriority(value: PriorityName | number): Step {
  const priority = typeof value === 'number' ? value : priorities[value];
  if (!Object.values<number>(priorities).includes(priority))
    throw new RuleError('BAD_ACTION', 'the priority is none of 1 to 5');
  return (run) => {
    run.priority = priority;
    run.facts.change({ ...run.facts.message, priority });
    return { did: `priority ${priority}` };
  };
}
