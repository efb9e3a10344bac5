// Conditions on what is counted or named: size, parts, country, encoding, time, weekday, authentication.

import type { Question } from './conditions.js';
import { RuleError } from './errors.js';
import type { Facts } from './facts.js';
import { listOf, type ListFiles } from './list.js';
import type { FieldName, MatchCondition } from './rule.js';

export type ValueField = Extract<
  FieldName,
  'country' | 'size' | 'parts' | 'encoding' | 'time' | 'weekday' | 'authenticated'
>;

const compilers: Readonly<Record<ValueField, (condition: MatchCondition, files: ListFiles) => Question>> = {
  country: compileCountry,
  size: (condition) => compileNumber(condition, ({ message }) => message.octets),
  parts: (condition) => compileNumber(condition, ({ message }) => message.parts),
  encoding: compileEncoding,
  time: compileTime,
  weekday: compileWeekday,
  authenticated: compileAuthenticated,
};

export function isValueField(field: string): field is ValueField {
  return Object.hasOwn(compilers, field);
}

/** Throws RuleError BAD_CONDITION, TOO_MANY. */
export function compileValue(field: ValueField, condition: MatchCondition, files: ListFiles): Question {
  return compilers[field](condition, files);
}

function compileNumber(condition: MatchCondition, look: (facts: Facts) => number): Question {
  const written = one(condition);
  const value = /^\d{1,9}$/.test(written) ? Number(written) : refuse(`${written} is no number`);
  if (condition.op === 'equals') return (facts) => look(facts) === value;
  if (condition.op === 'less') return (facts) => look(facts) < value;
  return condition.op === 'greater' ? (facts) => look(facts) > value : refuseOp(condition);
}

function compileCountry(condition: MatchCondition, files: ListFiles): Question {
  const countries = new Set<string | undefined>(
    oneOrList(condition, files).map((each) => {
      const country = each.toUpperCase();
      return /^[A-Z]{2}$/.test(country) ? country : refuse(`${each} is no country of two letters`);
    }),
  );
  return (facts) => countries.has(facts.country);
}

const encodings: readonly string[] = ['gsm7', 'unicode', 'binary'];

function compileEncoding(condition: MatchCondition, files: ListFiles): Question {
  const wanted = new Set<string>(
    oneOrList(condition, files).map((each) => {
      const encoding = each.toLowerCase();
      return encodings.includes(encoding) ? encoding : refuse(`${each} is no encoding`);
    }),
  );
  return ({ message }) => wanted.has(message.encoding);
}

function compileAuthenticated(condition: MatchCondition): Question {
  if (condition.op !== 'equals') refuseOp(condition);
  const value = one({ ...condition, value: condition.value ?? true }).toLowerCase();
  const wanted = yes.has(value) || (no.has(value) ? false : refuse(`${value} is neither true nor false`));
  return ({ message }) => message.isAuthenticated === wanted;
}

const yes: ReadonlySet<string> = new Set(['true', '1', 'yes']);
const no: ReadonlySet<string> = new Set(['false', '0', 'no']);

function compileTime(condition: MatchCondition, files: ListFiles): Question {
  if (condition.op === 'less' || condition.op === 'greater') {
    const limit = minuteOfDay(one(condition));
    return condition.op === 'less' ? (facts) => minuteIn(facts) < limit : (facts) => minuteIn(facts) > limit;
  }
  const ranges = oneOrList(condition, files).map((each) => {
    const [from, until = from] = each.split('-').map((end) => minuteOfDay(end.trim()));
    return rangeOf(from!, until!);
  });
  return (facts) => {
    const minute = minuteIn(facts);
    return ranges.some((isIn) => isIn(minute));
  };
}

// The first minute is part of it and the last one is not: 08:00-12:00 and 12:00-17:00 share none. One minute is itself.
function rangeOf(from: number, until: number): (minute: number) => boolean {
  if (from === until) return (minute) => minute === from;
  if (from < until) return (minute) => minute >= from && minute < until;
  return (minute) => minute >= from || minute < until;
}

function minuteIn({ date }: Facts): number {
  return date.getHours() * 60 + date.getMinutes();
}

function minuteOfDay(written: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(written) ?? refuse(`${written} is no time like 08:30`);
  const minute = Number(hours) * 60 + Number(minutes);
  return minute <= 24 * 60 && Number(minutes) < 60 ? minute : refuse(`${written} is no time like 08:30`);
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function compileWeekday(condition: MatchCondition, files: ListFiles): Question {
  const wanted = new Set(oneOrList(condition, files).flatMap(daysOf));
  return ({ date }) => wanted.has(date.getDay());
}

/** `mon`, `monday`, `mon-fri`, `sat-mon`; more of them between commas. */
function daysOf(written: string): number[] {
  return written.split(',').flatMap((range) => {
    const [from, until = from] = range.split('-').map((end) => dayOf(end.trim()));
    return Array.from({ length: ((until! - from! + 7) % 7) + 1 }, (_, each) => (from! + each) % 7);
  });
}

function dayOf(written: string): number {
  const day = days.indexOf(written.slice(0, 3).toLowerCase());
  const isDay = /^(sun|mon|tue(s)?|wed(nes)?|thu(rs)?|fri|sat(ur)?)(day)?$/i.test(written);
  return isDay ? day : refuse(`${written} is no day of the week`);
}

function oneOrList(condition: MatchCondition, files: ListFiles): readonly string[] {
  if (condition.op === 'list') return listOf(condition, files);
  return condition.op === 'equals' ? [one(condition)] : refuseOp(condition);
}

function one({ value, file, op }: MatchCondition): string {
  if (file !== undefined) refuse(`${op} has no file`);
  return value === undefined || Array.isArray(value) ? refuse(`${op} needs one value`) : String(value).trim();
}

function refuseOp({ field, op }: MatchCondition): never {
  refuse(`${field} has no ${op}`);
}

function refuse(detail: string): never {
  throw new RuleError('BAD_CONDITION', detail);
}
