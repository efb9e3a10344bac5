// Edit, add and remove headers, as they stand or by a pattern whose groups the value takes up.

import { RuleError } from './errors.js';
import { fill, type Place } from './fill.js';
import { limits } from './limits.js';
import { readPattern, type Pattern } from './pattern.js';
import type { HeaderAction } from './rule.js';
import type { Run } from './run.js';
import type { ActionSurroundings, Did, Step } from './step.js';
import { readTemplate, type Template } from './template.js';
import type { TrafficMessage } from './traffic.js';

interface HeaderEdit {
  readonly mode: HeaderAction['mode'];
  /** As written. */
  readonly header: string;
  /** In lower case. */
  readonly name: string;
  readonly value: Template;
  readonly pattern: Pattern | undefined;
  readonly place: Place;
}

/** Throws RuleError. */
export function compileHeader(action: HeaderAction, { direction, budget }: ActionSurroundings): Step {
  const header = action.header.trim().replace(/:$/, '');
  const name = header.toLowerCase();
  if (!/^[!-9;-~]{1,100}$/.test(header)) throw new RuleError('BAD_ACTION', `${header} is no header's name`);
  check(action, name);
  const pattern = action.pattern === undefined ? undefined : readPattern(action.pattern, budget);
  const value = readTemplate(action.value ?? '', { groups: pattern?.groups });
  const place = name === 'to' && direction === 'outgoing' ? 'destination' : 'header';
  const edit: HeaderEdit = { mode: action.mode, header, name, value, pattern, place };
  return (run) => apply(edit, run);
}

function check({ mode, value, pattern }: HeaderAction, name: string): void {
  if (!['edit', 'add', 'remove'].includes(mode)) throw new RuleError('BAD_ACTION', `headers are not ${mode}ed`);
  const isNeeded = name === 'to' || name === 'from';
  if (mode === 'remove' && isNeeded) throw new RuleError('BAD_ACTION', `no message is without ${name}`);
  if (mode === 'remove' ? value !== undefined : value === undefined)
    throw new RuleError('BAD_ACTION', 'edit and add have a value, remove has none');
  if (mode === 'add' && pattern !== undefined)
    throw new RuleError('BAD_ACTION', 'add has no pattern: there is nothing to match');
  if (isNeeded && pattern === undefined && value?.trim() === '')
    throw new RuleError('BAD_ACTION', `no message is without ${name}`);
}

function apply(edit: HeaderEdit, run: Run): Did {
  const before = run.facts.message;
  const rewrite = rewriterOf(edit, run);
  const after = isField(edit.name) ? editField(before, edit, rewrite) : editHeaders(before, edit, rewrite);
  if (typeof after === 'string') return { skipped: after };
  run.facts.change(after);
  return { did: describe(edit, after) };
}

/** The new value of an old one; `undefined` where the pattern is not in it. */
type Rewrite = (old: string) => string | undefined;

function rewriterOf({ pattern, value, place, mode }: HeaderEdit, run: Run): Rewrite {
  if (!pattern) return () => fill(value, place, run.filling);
  if (mode === 'remove') return (old) => (pattern.isIn(old) ? '' : undefined);
  return (old) => {
    const found = pattern.find(old);
    if (!found) return undefined;
    // What stood in To may divide it still: its marks are not escaped anew.
    const filled = fill(value, place, { ...run.filling, groups: found.groups });
    return old.slice(0, found.start) + filled + old.slice(found.end);
  };
}

const isNotFound = 'the pattern is not found';
const isTooLong = 'the value is too long';

type Field = 'from' | 'to' | 'subject';

function isField(name: string): name is Field {
  return name === 'from' || name === 'to' || name === 'subject';
}

function editField(message: TrafficMessage, edit: HeaderEdit, rewrite: Rewrite): TrafficMessage | string {
  const field = edit.name as Field;
  const value = rewrite(message[field]);
  const address = field === 'from' && message.fromAddress !== undefined ? rewrite(message.fromAddress) : undefined;
  if (value === undefined && address === undefined) return isNotFound;
  if (Math.max(value?.length ?? 0, address?.length ?? 0) > limits.headerCharacters) return isTooLong;
  if (field !== 'subject' && value?.trim() === '') return 'nothing would be left';
  const changed = { ...message, [field]: value ?? message[field] };
  return field === 'from' ? { ...changed, fromAddress: address ?? message.fromAddress } : changed;
}

function editHeaders(message: TrafficMessage, edit: HeaderEdit, rewrite: Rewrite): TrafficMessage | string {
  const { name, header, mode, pattern } = edit;
  const isMeant = (each: { name: string }): boolean => each.name.toLowerCase() === name;
  if (mode === 'remove' || pattern) return rewriteHeaders(message, edit, rewrite);
  const value = rewrite('')!;
  if (value.length > limits.headerCharacters) return isTooLong;
  const kept = mode === 'edit' ? message.headers.filter((each) => !isMeant(each)) : message.headers;
  if (kept.length >= limits.headers) return 'the message has too many headers';
  return { ...message, headers: [...kept, { name: header, value }] };
}

function rewriteHeaders(
  message: TrafficMessage,
  { name, mode }: HeaderEdit,
  rewrite: Rewrite,
): TrafficMessage | string {
  let isFound = false;
  let longest = 0;
  const headers = message.headers.flatMap((each) => {
    const value = each.name.toLowerCase() === name ? rewrite(each.value) : undefined;
    if (value === undefined) return [each];
    isFound = true;
    longest = Math.max(longest, value.length);
    return mode === 'remove' ? [] : [{ ...each, value }];
  });
  if (longest > limits.headerCharacters) return isTooLong;
  return isFound ? { ...message, headers } : 'there is no such header';
}

function describe({ header, name, mode }: HeaderEdit, { headers, ...message }: TrafficMessage): string {
  if (mode === 'remove') return `${header} is removed`;
  const value = isField(name) ? message[name] : headers.findLast((each) => each.name.toLowerCase() === name)?.value;
  return `${header} is now ${value ?? ''}`;
}
