// Programs, URLs, SQL and webhooks. Whether they may run is asked where they run (D15); here their values are made safe.

import { RuleError } from './errors.js';
import { fill } from './fill.js';
import { limits } from './limits.js';
import type { Action } from './rule.js';
import type { Run } from './run.js';
import { readStatement } from './sql.js';
import { effect, type Step } from './step.js';
import { literalOf, readTemplate, type Template } from './template.js';
import { fillUrl, readUrl } from './url.js';

type Execute = Extract<Action, { type: 'execute' }>;

/** Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function compileProgram({ kind, target, arguments: written = [] }: Execute): Step {
  if (kind !== 'program') throw new RuleError('BAD_ACTION', 'an application is a program or a url');
  // A message never chooses what runs.
  const program = literalOf(readTemplate(target.trim()));
  if (program === '' || program.includes('\0')) throw new RuleError('BAD_ACTION', 'a program is needed');
  const templates = written.map((each) => readTemplate(each));
  return (run) => {
    const filled = fillAll(templates, run);
    if (!filled) return { skipped: 'an argument is too long' };
    return effect(run, { type: 'program', program, arguments: filled }, [program, ...filled.map(quoted)].join(' '));
  };
}

function quoted(argument: string): string {
  return JSON.stringify(argument);
}

/** Throws RuleError BAD_ACTION, BAD_VARIABLE. */
export function compileUrl({ target, arguments: written }: Execute): Step {
  if (written !== undefined && written.length > 0)
    throw new RuleError('BAD_ACTION', 'a URL has no arguments beside itself');
  return compileCall('url', target);
}

/** Throws RuleError BAD_ACTION, BAD_VARIABLE. */
export function compileWebhook(written: string): Step {
  return compileCall('webhook', written);
}

function compileCall(type: 'url' | 'webhook', written: string): Step {
  const template = readUrl(written);
  return (run) => {
    const url = fillUrl(template, run.filling);
    return url === undefined ? { skipped: 'the values do not fit into the URL' } : effect(run, { type, url }, url);
  };
}

/** Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function compileSql({ connection, statement, parameters = [] }: Extract<Action, { type: 'sql' }>): Step {
  if (connection.trim() === '') throw new RuleError('BAD_ACTION', 'a connection is needed');
  const { pieces, parameters: templates } = readStatement(statement, parameters);
  return (run) => {
    const filled = fillAll(templates, run);
    if (!filled) return { skipped: 'a parameter is too long' };
    const words = [`${connection}: ${pieces.join('?')}`, ...filled.map(quoted)].join(' ');
    return effect(run, { type: 'sql', connection, pieces, parameters: filled }, words);
  };
}

function fillAll(templates: readonly Template[], run: Run): readonly string[] | undefined {
  const filled = templates.map((each) => fill(each, 'parameter', run.filling));
  return filled.some((each) => each.length > limits.filledCharacters) ? undefined : filled;
}
