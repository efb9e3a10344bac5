// Rules as they are shown to whoever may read and not write: URLs by their hosts, arguments and parameters by their number,
// statements without literals. What is left out so is refused where it is written back.

import { RuleError } from './errors.js';
import { isHidden, notShown, shownUrl, withoutPassword } from './not-shown.js';
import type { Action, Rule } from './rule.js';

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
      return shownSql(action);
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

function shownSql(action: Extract<Action, { type: 'sql' }>): Action {
  const { statement, parameters } = action;
  return {
    ...action,
    statement: shownStatement(statement),
    ...(parameters && { parameters: parameters.map(() => notShown) }),
  };
}

// A literal begins with a quote, a dollar or a digit, whatever the dialect; `$1` is the mark of a parameter.
const mayHoldLiteral = /['"`$[\\#]|--|\/\*|\b\d/;

/** Whole where no literal stands in it, else its first word. */
function shownStatement(statement: string): string {
  if (!mayHoldLiteral.test(statement.replaceAll(/\$\d{1,3}\b/g, ''))) return statement;
  return `${/^\s*([a-z]*)/i.exec(statement)![1]} ${notShown}`.trim();
}

/** Throws RuleError BAD_ACTION for what somebody read who was not shown all of it. */
export function refuseHidden(rules: readonly Rule[]): void {
  for (const [n, { title, actions }] of rules.entries())
    for (const [m, action] of actions.entries()) {
      if (!isHidden(action)) continue;
      const place = { position: n + 1, title, part: `action ${m + 1}` };
      throw new RuleError('BAD_ACTION', `${notShown} stands where something is kept`, place);
    }
}
