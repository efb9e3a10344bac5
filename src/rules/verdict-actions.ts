// Accept, reject, delete. The first verdict stands; after reject and delete no later rule is tried, for nothing is left to decide.

import { RuleError } from './errors.js';
import { fill } from './fill.js';
import { limits } from './limits.js';
import type { Verdict } from './outcome.js';
import type { Step } from './step.js';
import { readTemplate } from './template.js';

const verdictWords: Readonly<Record<Verdict['kind'], string>> = {
  accept: 'accepted',
  reject: 'rejected',
  delete: 'deleted',
};

export function decide(verdict: Verdict): Step {
  return (run) => {
    if (run.verdict) return { skipped: `the message is ${verdictWords[run.verdict.kind]} already` };
    run.verdict = verdict;
    if (verdict.kind !== 'accept') run.isEnding = true;
    return { did: verdict.kind === 'reject' ? `rejected: ${verdict.reason}` : verdictWords[verdict.kind] };
  };
}

const defaultReason = 'The message was rejected by a rule.';

/** Throws RuleError BAD_ACTION, BAD_VARIABLE. */
export function compileReject(written: string | undefined): Step {
  const reason = readTemplate(written?.trim() || defaultReason);
  if (written !== undefined && written.length > limits.headerCharacters)
    throw new RuleError('TOO_MANY', 'characters in the reason');
  return (run) =>
    decide({ kind: 'reject', reason: fill(reason, 'header', run.filling).slice(0, limits.headerCharacters) })(run);
}
