// Minutes, days and months as the server's time zone has them.

export interface Period {
  name: string;
  endsAt: number;
}

export function minuteOf(now: number): Period {
  const minute = Math.floor(now / 60_000);
  return { name: `minute:${minute}`, endsAt: (minute + 1) * 60_000 };
}

export function dayOf(now: number): Period {
  const date = new Date(now);
  const endsAt = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
  return { name: `day:${monthOf(now).name}-${twoDigits(date.getDate())}`, endsAt };
}

// Every text that is sent asks for the day.
let latest = { date: '', from: 0, until: 0 };

/** The day, such as `2026-11-30`. */
export function dateOf(now: number): string {
  if (now < latest.from || now >= latest.until) {
    const { name, endsAt } = dayOf(now);
    const date = new Date(now);
    const from = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
    latest = { date: name.slice('day:'.length), from, until: endsAt };
  }
  return latest.date;
}

/** Named so that a later month comes after an earlier one. */
export function monthOf(now: number): Period {
  const date = new Date(now);
  const endsAt = new Date(date.getFullYear(), date.getMonth() + 1).getTime();
  return { name: `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}`, endsAt };
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
