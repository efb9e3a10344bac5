// TP-VP: how long the service centre keeps trying.
// TS 23.040 9.2.3.12 TP-Validity-Period (TP-VP)

import { TpduError } from '../errors.js';
import type { OctetReader } from './octet-reader.js';
import { decodeTimeStamp, encodeTimeStamp, type TimeStamp } from './time-stamp.js';

export type ValidityPeriod =
  /** One octet, which networks know best. Rounded down when it is encoded, to at least 5 minutes. */
  | { format: 'relative'; minutes: number }
  /** `undefined` where it is no time. */
  | { format: 'absolute'; until: TimeStamp | undefined }
  /** `undefined` where it says nothing, or what is reserved. */
  | { format: 'enhanced'; seconds: number | undefined; singleShot: boolean };

/** TP-VPF, the two bits of the first octet. TS 23.040 9.2.3.3 TP-Validity-Period-Format (TP-VPF) */
export const validityFormats = [undefined, 'enhanced', 'relative', 'absolute'] as const;

const hour = 60;
const day = 24 * hour;

// TP-VP value        validity
// 0 to 143           (value + 1) * 5 minutes             5 minutes to 12 hours
// 144 to 167         12 hours + (value - 143) * 30 min   to 24 hours
// 168 to 196         (value - 166) days                  2 to 30 days
// 197 to 255         (value - 192) weeks                 5 to 63 weeks
// TS 23.040 9.2.3.12.1 TP-VP (Relative format)
function minutesOf(value: number): number {
  if (value <= 143) return (value + 1) * 5;
  if (value <= 167) return 12 * hour + (value - 143) * 30;
  if (value <= 196) return (value - 166) * day;
  return (value - 192) * 7 * day;
}

const steps = Array.from({ length: 256 }, (_, value) => minutesOf(value));

/** The octet of the longest period that ends no later; 0, five minutes, where all end later. */
export function relativeValidity(minutes: number): number {
  if (Number.isNaN(minutes)) throw new TpduError('BAD_VALUE', { field: 'TP-VP' });
  return Math.max(
    0,
    steps.findLastIndex((step) => step <= minutes),
  );
}

/** From our expiry, both in epoch milliseconds. What expires within five minutes is still kept for five. */
export function validityUntil(expiresAt: number, now: number): ValidityPeriod {
  return { format: 'relative', minutes: minutesOf(relativeValidity((expiresAt - now) / 60_000)) };
}

export function encodeValidity(validity: ValidityPeriod): Uint8Array {
  if (validity.format === 'relative') return Uint8Array.of(relativeValidity(validity.minutes));
  if (validity.format === 'enhanced') return encodeEnhanced(validity);
  if (validity.until === undefined) throw new TpduError('BAD_VALUE', { field: 'TP-VP' });
  return encodeTimeStamp(validity.until, 'TP-VP');
}

export function decodeValidity(reader: OctetReader, format: ValidityPeriod['format']): ValidityPeriod {
  if (format === 'relative') return { format, minutes: minutesOf(reader.octet('TP-VP')) };
  if (format === 'absolute') return { format, until: decodeTimeStamp(reader, 'TP-VP') };
  return { format, ...decodeEnhanced(reader.take(7, 'TP-VP')) };
}

type Enhanced = Extract<ValidityPeriod, { format: 'enhanced' }>;

// Seven octets, those that are not used 0:
//
//    7          6            5 4 3     2 1 0
//    extended   single shot  reserved  000 none, 001 relative octet, 010 seconds, 011 hours, minutes and seconds
//
// Where it is extended another octet of bits follows, and the period behind it.
// TS 23.040 9.2.3.12.3 TP-VP (Enhanced format)
function encodeEnhanced({ seconds, singleShot }: Enhanced): Uint8Array {
  const octets = new Uint8Array(7);
  octets[0] = singleShot ? 0x40 : 0;
  if (seconds === undefined) return octets;
  if (!(seconds >= 1)) throw new TpduError('BAD_VALUE', { field: 'TP-VP' });
  const whole = Math.floor(seconds);
  if (whole <= 0xff) octets.set([octets[0] | 0b010, whole]);
  else if (whole < 100 * 3600) octets.set([octets[0] | 0b011, ...clock(whole)]);
  else octets.set([octets[0] | 0b001, relativeValidity(whole / 60)]);
  return octets;
}

function decodeEnhanced(octets: Uint8Array): Omit<Enhanced, 'format'> {
  const indicator = octets[0]!;
  const period = octets.subarray((indicator & 0x80) === 0 ? 1 : 2);
  return { seconds: secondsOf(indicator & 0b111, period), singleShot: (indicator & 0x40) !== 0 };
}

function secondsOf(format: number, period: Uint8Array): number | undefined {
  if (format === 0b001) return minutesOf(period[0]!) * 60;
  if (format === 0b010) return period[0] || undefined;
  return format === 0b011 ? secondsOfClock(period) : undefined;
}

/** Hours, minutes and seconds with their digits swapped, as in a time stamp. */
function clock(seconds: number): number[] {
  const numbers = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return numbers.map((number) => Math.floor(number / 10) | ((number % 10) << 4));
}

function secondsOfClock(period: Uint8Array): number | undefined {
  const [hours = NaN, minutes = NaN, seconds = NaN] = Array.from(period.subarray(0, 3), (octet) =>
    (octet & 0xf) > 9 || octet >> 4 > 9 ? NaN : (octet & 0xf) * 10 + (octet >> 4),
  );
  const sum = hours * 3600 + minutes * 60 + seconds;
  return Number.isNaN(sum) || minutes > 59 || seconds > 59 ? undefined : sum;
}
