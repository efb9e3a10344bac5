// The variables of values, and what each stands for.

import { readDestination } from './destination.js';
import { headerValues, otherNumber, type Facts } from './facts.js';

export interface FillContext {
  readonly facts: Facts;
  /** Title of the rule. */
  readonly rule: string;
}

/** In lower case; `header:` is followed by a header's name. */
export type VariableName = keyof typeof variables | `header:${string}`;

const variables = {
  from: ({ facts }) => facts.message.from,
  // What stands before the @ of an address, or the number.
  from_alias: ({ facts }) => beforeAt(facts.message.from),
  from_domain: ({ facts }) => afterAt(facts.message.from),
  from_address: ({ facts }) => facts.message.fromAddress ?? facts.message.from,
  to: ({ facts }) => facts.message.to,
  to_alias: ({ facts }) => readDestination(facts.message.to).number,
  // Of the other end: where an outgoing message goes, and where an incoming one comes from.
  number: ({ facts }) => otherNumber(facts.message),
  body: ({ facts }) => facts.message.body,
  data: ({ facts }) => facts.message.body,
  subject: ({ facts }) => facts.message.subject,
  sender: ({ facts }) => facts.message.sender?.address ?? facts.message.from,
  sender_name: ({ facts }) => facts.message.sender?.displayName ?? '',
  sender_phonealias: ({ facts }) => facts.message.sender?.phoneNumber ?? '',
  user: ({ facts }) => facts.message.sender?.address ?? '',
  domain: ({ facts }) => facts.message.sender?.domain ?? '',
  gateway: ({ facts }) => facts.message.gateway ?? '',
  country: ({ facts }) => facts.country ?? '',
  msgid: ({ facts }) => facts.message.id ?? '',
  size: ({ facts }) => String(facts.message.octets),
  parts: ({ facts }) => String(facts.message.parts),
  encoding: ({ facts }) => facts.message.encoding,
  binary: ({ facts }) => (facts.message.encoding === 'binary' ? '1' : '0'),
  date: ({ facts: { date } }) =>
    [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-'),
  time: ({ facts: { date } }) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':'),
  rule: ({ rule }) => rule,
} satisfies Record<string, (context: FillContext) => string>;

export const variableNames: readonly string[] = Object.keys(variables);

export function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name) || name.startsWith('header:');
}

export function valueOf(name: VariableName, context: FillContext): string {
  if (!name.startsWith('header:')) return variables[name as keyof typeof variables](context);
  return headerValues(context.facts.message, name.slice('header:'.length))[0] ?? '';
}

function beforeAt(address: string): string {
  return address.split('@', 1)[0]!;
}

function afterAt(address: string): string {
  return address.includes('@') ? address.slice(address.lastIndexOf('@') + 1) : '';
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
