// How results look on a terminal.

import type { Command } from 'commander';

/** A line, or several, on the output of the command. */
export function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(`${text}\n`);
}

type Row = Readonly<Record<string, unknown>>;

/** A table with the named columns, as wide as its widest cells. */
export function table<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  if (rows.length === 0) return 'none';
  const lines = [columns as readonly string[], ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  return lines
    .map((line) =>
      line
        .map((text, index) => text.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One thing, a line for each of its fields. */
export function sheet(thing: object): string {
  const fields = Object.entries(flat(thing));
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`.trimEnd()).join('\n');
}

// {"device":{"defaultState":"allowed"}} is device.defaultState, as `settings set` writes it.
function flat(thing: object, prefix = ''): Row {
  const fields = Object.entries(thing).map(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flat(value, `${prefix}${name}.`)
      : { [prefix + name]: value },
  );
  return Object.assign({}, ...fields) as Row;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return printable(value);
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? value.map(printable).join(', ') || '-'
    : JSON.stringify(value);
}

/** A text that came from outside, without the characters that would command the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
