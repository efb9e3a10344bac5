// One measured figure, printed as one JSON line.

export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** Who was measured beside us in the same run; absent where it is not installed. */
  readonly rival?: string;
  readonly rivalValue?: number;
  /** Above 1: better than the rival. */
  readonly ratio?: number;
  /** What a server that does nothing else reached in the same run, and our part of it. */
  readonly limitValue?: number;
  readonly ofLimit?: number;
  /** What else one figure has to say, by names of its own. */
  readonly [more: string]: string | number | undefined;
}

/** A figure that cannot be measured here; the message says which program is missing. */
export class Unmeasurable extends Error {}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** `part` from 0 to 1. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** Two digits behind the point are more than a run can repeat. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
