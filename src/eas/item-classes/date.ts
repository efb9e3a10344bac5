// Dates of ActiveSync: `2026-11-22T20:04:05.000Z`.
// MS-ASDTYPE 2.3 dateTime

// Phones leave out the fraction, and some write one of other length.
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

export function readDate(value: string): number | undefined {
  if (!dateTime.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}

const dayMilliseconds = 24 * 60 * 60 * 1000;
const twoDigits = Array.from({ length: 60 }, (_, each) => String(each).padStart(2, '0'));
// Items of one answer are mostly of a few days, and the day is what costs time to write.
let lastDay = { number: Number.NaN, written: '' };

/** Throws RangeError for an instant that is none. */
export function writeDate(instant: number): string {
  const number = Math.floor(instant / dayMilliseconds);
  if (number !== lastDay.number)
    lastDay = { number, written: new Date(number * dayMilliseconds).toISOString().slice(0, -13) };
  const rest = instant - number * dayMilliseconds;
  const seconds = Math.floor(rest / 1000);
  const time = `${twoDigits[Math.floor(seconds / 3600)]}:${twoDigits[Math.floor(seconds / 60) % 60]}`;
  return `${lastDay.written}${time}:${twoDigits[seconds % 60]}.${String(Math.floor(rest % 1000)).padStart(3, '0')}Z`;
}
