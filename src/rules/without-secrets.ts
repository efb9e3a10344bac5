// Rules as they are shown to whoever may read and not write: URLs by their hosts, arguments and parameters by their number.
// What is left out so is refused where it is written back.

import { RuleError } from './errors.js';
import type { Action, Rule } from './rule.js';

/** Stands in place of what is not shown. */
export const notShown = '(not shown)';

/** `T` may have more than a rule has. */
export function withoutSecrets<T extends Rule>(rule: T): T {
  return { ...rule, actions: rule.actions.map(shownAction) };
}

function shownAction(action: Action): Action {
  switch (action.type) {
    case 'webhook':
      return { ...action, url: shownUrl(action.url) };
    case 'execute':
      return shownExecute(action);
    case 'sql':
      return { ...action, ...(action.parameters && { parameters: action.parameters.map(() => notShown) }) };
    case 'forward':
    case 'copy':
      return { ...action, to: withoutPassword(action.to) };
    case 'send':
      return { ...action, to: withoutPassword(action.to), text: withoutPassword(action.text) };
    case 'header':
      return { ...action, ...(action.value !== undefined && { value: withoutPassword(action.value) }) };
    case 'accept':
    case 'reject':
    case 'delete':
    case 'priority':
    case 'gateway':
    case 'move':
    case 'stop':
      return action;
  }
}

function shownExecute(action: Extract<Action, { type: 'execute' }>): Action {
  if (action.kind === 'url') return { ...action, target: shownUrl(action.target) };
  return { ...action, ...(action.arguments && { arguments: action.arguments.map(() => notShown) }) };
}

// A space makes it no URL, so that it cannot be taken for one.
function shownUrl(url: string): string {
  const [, scheme, host] = /^\s*(https?):\/\/(?:[^/?#\\]*@)?([^/?#\\@]*)/i.exec(url) ?? [];
  return host === undefined ? notShown : `${scheme}://${host} ${notShown}`;
}

/** Of the address of a number. */
function withoutPassword(written: string): string {
  return written.replaceAll(/([?&]pass=)[^&@"\s]+/gi, `$1${notShown}`);
}

/** Throws RuleError BAD_ACTION for what somebody read who was not shown all of it. */
export function refuseHidden(rules: readonly Rule[]): void {
  for (const [n, { title, actions }] of rules.entries())
    for (const [m, action] of actions.entries()) {
      if (!Object.values(action).flat().some(isHidden)) continue;
      const place = { position: n + 1, title, part: `action ${m + 1}` };
      throw new RuleError('BAD_ACTION', `${notShown} stands where something is kept`, place);
    }
}

function isHidden(value: unknown): boolean {
  return typeof value === 'string' && value.includes(notShown);
}
