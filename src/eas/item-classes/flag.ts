// The Flag of an item: follow up, done, with dates that the device writes and the server keeps as they are.
// MS-ASEMAIL 2.2.2.34 Flag

import type { ItemFlag } from '../../store/states.js';
import { Email } from '../../wbxml/airsync/email.js';
import { Tasks } from '../../wbxml/airsync/tasks.js';
import { children, type Element, element, textOf } from '../../wbxml/element.js';
import { readDate } from './date.js';

const dates = {
  DateCompleted: Tasks.DateCompleted,
  CompleteTime: Email.CompleteTime,
  StartDate: Tasks.StartDate,
  DueDate: Tasks.DueDate,
  UtcStartDate: Tasks.UtcStartDate,
  UtcDueDate: Tasks.UtcDueDate,
  ReminderTime: Tasks.ReminderTime,
  OrdinalDate: Tasks.OrdinalDate,
} as const;

const texts = {
  Subject: Tasks.Subject,
  FlagType: Email.FlagType,
  ReminderSet: Tasks.ReminderSet,
  SubOrdinalDate: Tasks.SubOrdinalDate,
} as const;

const tags: Readonly<Record<string, number>> = { ...texts, ...dates };
const names = new Map(Object.entries(tags).map(([name, tag]) => [tag, name]));
const dateTags: ReadonlySet<number> = new Set(Object.values(dates));

// Stops: a flag as long as a mail.
const longestValueCharacters = 256;

export function writeFlag(flag: ItemFlag | undefined): Element {
  if (!flag) return element(Email.Flag);
  return element(Email.Flag, [
    element(Email.Status, String(flag.status)),
    ...Object.entries(flag.values).flatMap(([name, value]) => {
      const tag = tags[name];
      return tag === undefined ? [] : [element(tag, value)];
    }),
  ]);
}

/** No flag where the element is empty or its Status is 0; `malformed` where a value is. */
export function readFlag(property: Element): ItemFlag | undefined | 'malformed' {
  const flag: ItemFlag = { status: 0, values: {} };
  for (const each of children(property)) {
    const value = textOf(each);
    if (value === undefined || value.length > longestValueCharacters) return 'malformed';
    if (dateTags.has(each.tag) && readDate(value) === undefined) return 'malformed';
    const name = names.get(each.tag);
    if (name) flag.values[name] = value;
    if (each.tag !== Email.Status) continue;
    // MS-ASEMAIL 2.2.2.70 Status: 0 none, 1 done, 2 follow up
    if (!/^[012]$/.test(value)) return 'malformed';
    flag.status = Number(value);
  }
  return flag.status === 0 ? undefined : flag;
}
