// Dates of ActiveSync: `2026-11-22T20:04:05.000Z`.
// MS-ASDTYPE 2.3 dateTime

// Phones leave out the fraction, and some write one of other length.
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

export function readDate(value: string): number | undefined {
  if (!dateTime.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}

export function writeDate(instant: number): string {
  return new Date(instant).toISOString();
}
