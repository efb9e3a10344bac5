// `easms device rules …`: the ordered list that decides which phones may sync.

import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { Command } from 'commander';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { table } from './print.js';

interface Rule {
  readonly field: string;
  readonly pattern: string;
  readonly state: string;
}

export function deviceRulesCommand(): Command {
  return new Command('rules')
    .description('which phones may sync: the first rule that fits decides')
    .addCommand(list(), { isDefault: true })
    .addCommand(set());
}

function list(): Command {
  return apiCommand('list', 'the rules in their order').action(async (_flags, command: Command) => {
    showRules(command, await clientOf(command).get<Rule[]>('/device-rules'));
  });
}

function set(): Command {
  return apiCommand('set', 'replace the whole list; phones that are there are judged by it at once')
    .argument('[file]', 'JSON: [{"field": "type", "pattern": "*", "state": "allowed"}]; - is standard input', '-')
    .action(async (file: string, _flags, command: Command) => {
      showRules(command, await clientOf(command).put<Rule[]>('/device-rules', await readRules(file)));
    });
}

function showRules(command: Command, rules: readonly Rule[]): void {
  show(command, rules, () => table(rules, ['field', 'pattern', 'state']));
}

async function readRules(file: string): Promise<object> {
  const json = file === '-' ? await readAll(process.stdin) : readFile(file);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new CliError('WRONG_USAGE', 'the rules are no JSON');
  }
  if (!Array.isArray(value)) throw new CliError('WRONG_USAGE', 'the rules are no list');
  return value as unknown[];
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CliError('WRONG_USAGE', `${file} cannot be read`, cause);
  }
}
