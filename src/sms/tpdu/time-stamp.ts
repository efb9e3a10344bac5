// Times with their zone: TP-SCTS, TP-DT and the absolute TP-VP.
// TS 23.040 9.2.3.11 TP-Service-Centre-Time-Stamp (TP-SCTS)
//
//    year month day hour minute second zone     digits swapped: 62 11 32 02 20 20 00 is 2026-11-23 20:02:02 +00:00
//
//    zone, octet as it stands:  7 6 5 4   3     2 1 0
//                               units     sign  tens      of quarters of an hour: 8A is 10101000 swapped, -28 quarters

import { TpduError } from '../errors.js';
import type { OctetReader } from './octet-reader.js';

export interface TimeStamp {
  /** To the second. */
  instant: Date;
  /** Of the place where the service centre took it, east of Greenwich; in steps of 15. */
  offsetMinutes: number;
}

const minute = 60_000;
const firstYear = 1990;
const mostQuarters = 79;

/** What is written where no time is known. */
export const invalidTime = new Uint8Array(7);

/** Throws TpduError BAD_VALUE for what the field cannot say: years before 1990 or after 2089, zones of 20 hours and more. */
export function encodeTimeStamp({ instant, offsetMinutes }: TimeStamp, field: string): Uint8Array {
  const quarters = offsetMinutes / 15;
  const local = new Date(instant.getTime() + offsetMinutes * minute);
  const year = local.getUTCFullYear();
  const isSayable = Number.isInteger(quarters) && Math.abs(quarters) <= mostQuarters;
  if (!isSayable || !(year >= firstYear && year < firstYear + 100)) throw new TpduError('BAD_VALUE', { field });
  const numbers = [
    year % 100,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
    Math.abs(quarters),
  ];
  const octets = Uint8Array.from(numbers, swapped);
  if (quarters < 0) octets[6]! |= 0b1000;
  return octets;
}

/** `undefined` for octets that are no time, as phones write them that do not know it: all FF, all 00, the 31st of June. */
export function decodeTimeStamp(reader: OctetReader, field: string): TimeStamp | undefined {
  const octets = reader.take(7, field);
  const zone = octets[6]!;
  const numbers = [...octets.subarray(0, 6), zone & ~0b1000].map(unswapped);
  if (numbers.some(Number.isNaN)) return undefined;
  const [year, month, day, hour, minutes, seconds, quarters] = numbers as Numbers;
  const fullYear = year + (year < firstYear % 100 ? 2000 : 1900);
  const local = new Date(Date.UTC(fullYear, month - 1, day, hour, minutes, seconds));
  const isTime = local.getUTCMonth() === month - 1 && local.getUTCDate() === day && hour < 24 && minutes < 60;
  if (!isTime || seconds > 59) return undefined;
  const offsetMinutes = ((zone & 0b1000) === 0 ? quarters : -quarters) * 15;
  return { instant: new Date(local.getTime() - offsetMinutes * minute), offsetMinutes: offsetMinutes || 0 };
}

type Numbers = [number, number, number, number, number, number, number];

function swapped(number: number): number {
  return Math.floor(number / 10) | ((number % 10) << 4);
}

function unswapped(octet: number): number {
  const tens = octet & 0xf;
  const units = octet >> 4;
  return tens > 9 || units > 9 ? NaN : tens * 10 + units;
}
