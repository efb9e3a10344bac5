// `easms rule …`: the rules for outgoing and incoming messages.

import { readFileSync, writeFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { table } from './print.js';
import { collect } from './repeatable.js';
import { type Counts, describeCounts, describeTrial, type Trial } from './rule-words.js';

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly conditions: readonly object[];
  readonly actions: readonly object[];
}

interface DirectionFlags {
  readonly direction: string;
}

export function ruleCommand(): Command {
  return new Command('rule')
    .description('rules for outgoing and incoming messages, tried from the first to the last')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(set())
    .addCommand(trial())
    .addCommand(count())
    .addCommand(switching('enable', true))
    .addCommand(switching('disable', false))
    .addCommand(remove())
    .addCommand(exporting())
    .addCommand(importing())
    .addCommand(effects())
    .addCommand(retrying());
}

const directions = ['outgoing', 'incoming'];

function directed(usage: string, description: string): Command {
  return apiCommand(usage, description).addOption(
    new Option('--direction <direction>', 'of which messages').choices(directions).default('outgoing'),
  );
}

const whichRule = 'its number in the list, its title or its id';

function list(): Command {
  return directed('list', 'the rules in their order').action(
    async ({ direction }: DirectionFlags, command: Command) => {
      showRules(command, await clientOf(command).get<Rule[]>(pathOf('rules', direction)));
    },
  );
}

function showOne(): Command {
  return directed('show', 'one rule, as JSON')
    .argument('<rule>', whichRule)
    .action(async (name: string, { direction }: DirectionFlags, command: Command) => {
      const rule = await find(command, direction, name);
      show(command, rule, () => JSON.stringify(rule, null, 2));
    });
}

function set(): Command {
  return directed('set', 'replace the whole list')
    .argument('[file]', 'JSON, as "list --json" prints it; - is standard input', '-')
    .action(async (file: string, { direction }: DirectionFlags, command: Command) => {
      showRules(command, await clientOf(command).put<Rule[]>(pathOf('rules', direction), await readList(file)));
    });
}

interface TrialFlags extends DirectionFlags {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly subject?: string;
  readonly gateway?: string;
  readonly binary?: boolean;
  readonly at?: string;
  readonly rules?: string;
}

function trial(): Command {
  return directed('test', 'what rules would make of one message; nothing is sent')
    .requiredOption('--from <user-or-number>', 'who sends it')
    .requiredOption('--to <number>', 'whom it is for')
    .requiredOption('--text <text>', 'what it says; base64 with --binary')
    .option('--subject <subject>', 'of the mail that it was')
    .option('--gateway <id>', 'outgoing: the one that is asked for; incoming: the one that brings it')
    .option('--binary', 'the text is octets in base64')
    .option('--at <instant>', 'when it is tried, such as 2026-11-30T22:00:00Z')
    .option('--rules <file>', 'JSON with a list of rules in place of those of the server; - is standard input')
    .action(async ({ direction, rules, ...tried }: TrialFlags, command: Command) => {
      const { from, to, text, subject, gateway, binary, at } = tried;
      const given = rules === undefined ? undefined : await readList(rules);
      const body = withoutUndefined({ from, to, text, subject, gateway, binary, at, rules: given });
      show(command, await clientOf(command).post<Trial>(pathOf('rules', direction, 'test'), body), describeTrial);
    });
}

interface CountFlags extends DirectionFlags {
  readonly last: string;
  readonly rules?: string;
}

function count(): Command {
  return directed('count', 'what rules would have done with the last messages, also those that are switched off')
    .option('--last <n>', 'how many messages', '100')
    .option('--rules <file>', 'JSON with a list of rules in place of those of the server; - is standard input')
    .action(async ({ direction, last, rules }: CountFlags, command: Command) => {
      if (!/^\d{1,6}$/.test(last)) throw new CliError('WRONG_USAGE', '--last is a number');
      const given = rules === undefined ? undefined : await readList(rules);
      const body = withoutUndefined({ last: Number(last), rules: given });
      show(command, await clientOf(command).post<Counts>(pathOf('rules', direction, 'dry-run'), body), describeCounts);
    });
}

function switching(usage: string, enabled: boolean): Command {
  return directed(usage, `${usage} rules`)
    .argument('<rule...>', whichRule)
    .action(async (names: readonly string[], { direction }: DirectionFlags, command: Command) => {
      const found: Rule[] = [];
      for (const name of names) found.push(await find(command, direction, name));
      const changed: Rule[] = [];
      for (const { id } of found)
        changed.push(await clientOf(command).patch<Rule>(pathOf('rules', direction, id), { enabled }));
      show(command, changed, () => changed.map(({ title }) => `${title} is ${usage}d`).join('\n'));
    });
}

function remove(): Command {
  return directed('delete', 'one rule')
    .argument('<rule>', whichRule)
    .action(async (name: string, { direction }: DirectionFlags, command: Command) => {
      const { id, title } = await find(command, direction, name);
      await clientOf(command).delete(pathOf('rules', direction, id));
      show(command, {}, () => `${title} is deleted`);
    });
}

function exporting(): Command {
  return directed('export', 'rules as XML')
    .argument('[file]', '- is standard output', '-')
    .option('--rule <rule>', `this one alone, repeatable: ${whichRule}`, collect)
    .action(async (file: string, { direction, rule }: DirectionFlags & SelectFlags, command: Command) => {
      const ids: string[] = [];
      for (const name of rule ?? []) ids.push((await find(command, direction, name)).id);
      const query = ids.length === 0 ? '' : `?ids=${encodeURIComponent(ids.join(','))}`;
      const xml = await clientOf(command).getText(`${pathOf('rules', direction, 'export')}${query}`);
      if (file === '-') command.configureOutput().writeOut?.(xml);
      else {
        writeFileSync(file, xml);
        show(command, { file }, () => `written to ${file}`);
      }
    });
}

interface SelectFlags {
  readonly rule?: readonly string[];
}

interface ImportFlags extends DirectionFlags {
  readonly select?: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

function importing(): Command {
  return directed('import', 'rules from XML, behind those that are there')
    .argument('<file>', '- is standard input')
    .option('--select <numbers>', 'these alone of the document, such as 1,3')
    .option('--replace', 'in place of those that are there')
    .option('--dry-run', 'print what would be imported, and import nothing')
    .action(async (file: string, flags: ImportFlags, command: Command) => {
      const { direction, select, replace, dryRun } = flags;
      const wishes = { select, ...(replace && { mode: 'replace' }), ...(dryRun && { dryRun: 'true' }) };
      const query = new URLSearchParams(withoutUndefined(wishes) as Record<string, string>).toString();
      const path = `${pathOf('rules', direction, 'import')}${query === '' ? '' : `?${query}`}`;
      const document = { text: await readText(file), type: 'application/xml; charset=utf-8' };
      showRules(command, await clientOf(command).postText<Rule[]>(path, document));
    });
}

function effects(): Command {
  return apiCommand('effects', 'what rules brought about outside, and what came to nothing')
    .addOption(new Option('--state <state>').choices(['waiting', 'done', 'failed', 'unknown']))
    .option('--message <id>', 'of this message alone')
    .action(async ({ state, message }: { state?: string; message?: string }, command: Command) => {
      const query = new URLSearchParams(withoutUndefined({ state, message }) as Record<string, string>).toString();
      const found = await listAll<Effect>(clientOf(command), `/rules/effects${query === '' ? '' : `?${query}`}`);
      show(command, found, inTable);
    });
}

interface Effect {
  readonly id: number;
}

function inTable(effects: readonly Effect[]): string {
  return table(effects, ['id', 'rule', 'kind', 'message', 'state', 'attempts', 'dueAt', 'error'] as never[]);
}

interface RetryFlags {
  readonly failed?: boolean;
  readonly mayRepeat?: boolean;
}

function retrying(): Command {
  return apiCommand('retry', 'try again what rules could not bring about')
    .argument('[effect...]', 'its id, as "effects" lists it')
    .option('--failed', 'all that failed')
    .option('--may-repeat', 'also what may have been done, and may be done twice so')
    .action(async (named: readonly string[], { failed, mayRepeat }: RetryFlags, command: Command) => {
      if (named.some((id) => !/^\d{1,15}$/.test(id)))
        throw new CliError('WRONG_USAGE', 'the id of an effect is a number');
      if ((named.length === 0) === (failed !== true))
        throw new CliError('WRONG_USAGE', 'name effects, or say --failed');
      const api = clientOf(command);
      const all = failed ? await listAll<Effect>(api, '/rules/effects?state=failed') : [];
      const query = mayRepeat ? '?mayRepeat=true' : '';
      const tried: Effect[] = [];
      for (const id of failed ? all.map(({ id }) => String(id)) : named)
        tried.push(await api.post<Effect>(`${pathOf('rules', 'effects', id, 'retry')}${query}`, {}));
      show(command, tried, inTable);
    });
}

function showRules(command: Command, rules: readonly Rule[]): void {
  const rows = rules.map(({ title, enabled, conditions, actions, id }, n) => ({
    ...{ number: n + 1, enabled, title, conditions: conditions.length },
    actions: actions.map((action) => (action as { type: string }).type),
    id,
  }));
  show(command, rules, () => table(rows, ['number', 'enabled', 'title', 'conditions', 'actions', 'id']));
}

/** @throws CliError REFUSED */
async function find(command: Command, direction: string, name: string): Promise<Rule> {
  const rules = await clientOf(command).get<Rule[]>(pathOf('rules', direction));
  const byNumber = /^\d{1,6}$/.test(name) ? rules[Number(name) - 1] : undefined;
  const named = rules.filter(({ id, title }) => id === name || title === name);
  if (named.length > 1) throw new CliError('REFUSED', `several rules are called ${name}: name it by its number or id`);
  const rule = named[0] ?? byNumber;
  if (!rule) throw new CliError('REFUSED', `there is no ${direction} rule ${name}`);
  return rule;
}

/** @throws CliError WRONG_USAGE */
async function readList(file: string): Promise<object> {
  let value: unknown;
  try {
    value = JSON.parse(await readText(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('WRONG_USAGE', 'the rules are no JSON');
  }
  if (!Array.isArray(value)) throw new CliError('WRONG_USAGE', 'the rules are no list');
  return value as unknown[];
}

async function readText(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CliError('WRONG_USAGE', `${file} cannot be read`, cause);
  }
}

function withoutUndefined(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
