// What rules did on trial, as it is read on a terminal.

import { printable, table } from './print.js';

export interface Trial {
  readonly verdict: string;
  readonly reason: string | null;
  readonly gateway: string | null;
  readonly priority: number | null;
  readonly placed: boolean;
  readonly message: { readonly from: string; readonly to: string; readonly text: string };
  readonly effects: readonly object[];
  readonly trace: readonly Traced[];
}

interface Traced {
  readonly position: number;
  readonly title: string;
  readonly state: string;
  readonly because: string | null;
  readonly deeds: readonly { readonly action: string; readonly done: boolean; readonly words: string }[];
}

export function describeTrial({ trace, verdict, reason, gateway, priority, placed, message }: Trial): string {
  const ends = [
    `verdict: ${verdict}${reason === null || reason === '' ? '' : ` (${printable(reason)})`}`,
    `from: ${printable(message.from)}`,
    `to: ${printable(message.to)}`,
    `text: ${printable(message.text)}`,
    ...(gateway === null ? [] : [`gateway: ${printable(gateway)}`]),
    ...(priority === null ? [] : [`priority: ${priority}`]),
    ...(placed ? ['it goes where the rules say, and not where its gateway delivers to'] : []),
  ];
  return [...trace.flatMap(describeRule), '', ...ends].join('\n');
}

function describeRule({ position, title, state, because, deeds }: Traced): string[] {
  const why = because === null ? '' : `: ${printable(because)}`;
  const first = `${position}. ${printable(title)}: ${state.replace('-', ' ')}${why}`;
  return [first, ...deeds.map(({ action, done, words }) => `   ${done ? '' : 'not '}${action}: ${printable(words)}`)];
}

export interface Counts {
  readonly messages: number;
  readonly rules: readonly { readonly title: string; readonly matched: number }[];
  readonly verdicts: Readonly<Record<string, number>>;
  readonly effects: Readonly<Record<string, number>>;
  readonly changed: number;
}

export function describeCounts({ messages, rules, verdicts, effects, changed }: Counts): string {
  const all = { ...verdicts, changed, ...effects };
  const sums = Object.entries(all).filter(([, n]) => n > 0);
  const heading = `of the last ${messages} messages:`;
  return [heading, ...sums.map(([what, n]) => `  ${what}: ${n}`), table(rules, ['matched', 'title'])].join('\n');
}
