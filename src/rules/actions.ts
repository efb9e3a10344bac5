// Actions, compiled: each changes a run and says what it did. What reaches outside is only noted, as an effect.

import { RuleError } from './errors.js';
import { compileHeader } from './header-action.js';
import { compileForward, compileMove, compileSend } from './mail-actions.js';
import type { Deed } from './outcome.js';
import { compileProgram, compileSql, compileUrl, compileWebhook } from './outside-actions.js';
import type { Action } from './rule.js';
import { compileGateway, compilePriority } from './routing-actions.js';
import type { Run } from './run.js';
import type { ActionSurroundings, Step } from './step.js';
import { compileReject, decide } from './verdict-actions.js';

export type Doing = (run: Run) => Deed;

/** Throws RuleError. */
export function compileAction(action: Action, surroundings: ActionSurroundings): Doing {
  const { type } = action;
  const step = stepOf(action, surroundings);
  return (run) => {
    const told = step(run);
    return 'did' in told
      ? { action: type, isDone: true, words: told.did }
      : { action: type, isDone: false, words: told.skipped };
  };
}

function stepOf(action: Action, surroundings: ActionSurroundings): Step {
  switch (action.type) {
    case 'accept':
    case 'delete':
      return decide({ kind: action.type });
    case 'reject':
      return compileReject(action.reason);
    case 'forward':
    case 'copy':
      return compileForward(action);
    case 'send':
      return compileSend(action);
    case 'header':
      return compileHeader(action, surroundings);
    case 'priority':
      return compilePriority(action.value);
    case 'gateway':
      return compileGateway(action.gateway, surroundings.direction);
    case 'move':
      return compileMove(action.folder);
    case 'execute':
      return action.kind === 'url' ? compileUrl(action) : compileProgram(action);
    case 'sql':
      return compileSql(action);
    case 'webhook':
      return compileWebhook(action.url);
    case 'stop':
      return stop;
    default:
      throw new RuleError('BAD_ACTION', `there is no type ${(action as { type: string }).type}`);
  }
}

function stop(run: Run): { did: string } {
  run.isEnding = true;
  return { did: 'no later rule is tried' };
}
