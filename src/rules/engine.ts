// What the rules' two functions take and give: lists are compiled once, and tried on many messages.

import type { CountryCode } from '../sms/number.js';
import type { Outcome } from './outcome.js';
import type { Direction, Rule } from './rule.js';
import type { TrafficMessage } from './traffic.js';

export interface CompileOptions {
  readonly direction: Direction;
  /** For numbers written in national form. */
  readonly defaultCountry?: CountryCode | undefined;
  /** The text of a list file; rejects where it cannot be read. Asked once for each file. */
  readonly readListFile: (file: string) => Promise<string>;
}

/** Compiled rules of one direction. */
export interface RuleSet {
  readonly direction: Direction;
  readonly rules: readonly Rule[];
  evaluate(message: TrafficMessage, context: EvaluationContext): Outcome;
}

export interface EvaluationContext {
  /** Epoch milliseconds; `time` and `weekday` are those of the server's time zone. */
  readonly now: number;
  /** Whether the outcome tells of each rule. */
  readonly isTraced?: boolean | undefined;
}

/** Rejects with RuleError; what it gave never throws. */
export type CompileRules = (rules: readonly Rule[], options: CompileOptions) => Promise<RuleSet>;

/** As `ruleSet.evaluate` does. */
export type Evaluate = (rules: RuleSet, message: TrafficMessage, context: EvaluationContext) => Outcome;
