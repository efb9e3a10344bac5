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
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Two digits behind the point are more than a run can repeat. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
