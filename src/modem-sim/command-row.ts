// What a row of the command table is made of.

import type { AtCommand } from './command-line.js';
import type { Occasion } from './fault-switches.js';
import type { Line } from './line.js';
import type { Modem } from './modem.js';
import type { Answer } from './result-codes.js';
import type { Switchable } from './settings.js';

export interface Call {
  readonly modem: Modem;
  readonly line: Line;
  readonly command: AtCommand;
  readonly occasion: Occasion;
}

export type Handler = (call: Call) => Answer;

/** One command; a form that has no handler is answered ERROR. */
export interface CommandRow {
  /** Without it: the command is answered without SIM and PIN. */
  readonly needs?: 'sim' | 'pin';
  /** Its refusals are +CMS ERROR, those of others +CME ERROR. */
  readonly family?: 'cms';
  readonly action?: Handler;
  readonly set?: Handler;
  readonly read?: Handler;
  readonly test?: Handler;
}

export type CommandRows = Readonly<Record<string, CommandRow>>;

export const accepted: Handler = () => 'OK';

/** Says lines, and OK. */
export function say(lines: (call: Call) => string | readonly string[]): Handler {
  return (call) => {
    const said = lines(call);
    call.line.inform(typeof said === 'string' ? [said] : said);
    return 'OK';
  };
}

/** A setting that is one of a few numbers; its other handlers may be given. */
export function switchRow(name: string, key: Switchable, values: readonly number[]): CommandRow {
  return {
    test: say(() => `${name}: (${values.join(',')})`),
    read: say(({ modem }) => `${name}: ${modem.settings[key]}`),
    set: ({ modem, command }) => setOne(modem, key, values, command.value),
    action: ({ modem }) => setOne(modem, key, values, ''),
  };
}

function setOne(modem: Modem, key: Switchable, values: readonly number[], written: string): Answer {
  const value = written === '' ? 0 : Number(written.split(',')[0]);
  if (!values.includes(value)) return { cme: 50 };
  modem.settings[key] = value;
  return 'OK';
}

/** (0-3) or (0,2): as ranges are written in answers to =?. V.250 5.7.3.1 Range of values */
export function rangeText(values: readonly number[]): string {
  const isRun = values.length > 2 && values.every((value, n) => value === values[0]! + n);
  return `(${isRun ? `${values[0]}-${values.at(-1)}` : values.join(',')})`;
}
