// What keeps a list of rules from being saved or imported. A message that passes rules meets no errors.

/** The codes with what the administrator is told; docs/errors.md lists them. */
export const ruleErrors = {
  BAD_CONDITION: 'the condition cannot be tried',
  BAD_ACTION: 'the action cannot be done',
  BAD_PATTERN: 'the pattern is not one',
  UNSUPPORTED_LOOKAROUND: 'patterns cannot look around',
  PATTERN_TOO_LARGE: 'the pattern could cost too much time',
  BAD_VARIABLE: 'a variable cannot stand there',
  LIST_UNREADABLE: 'the list file cannot be read',
  TOO_MANY: 'there is more than the limit',
  BAD_XML: 'the document is not a list of rules',
} as const;

export type RuleErrorCode = keyof typeof ruleErrors;

export interface RulePlace {
  /** Of the rule in its list, from 1. */
  readonly position?: number | undefined;
  readonly title?: string | undefined;
  /** Such as `condition 2` or `action 1`. */
  readonly part?: string | undefined;
}

export class RuleError extends Error {
  readonly code: RuleErrorCode;
  /** In words that may be shown. */
  readonly detail: string | undefined;
  readonly place: RulePlace;

  constructor(code: RuleErrorCode, detail?: string, place: RulePlace = {}) {
    super(sentence(code, detail, place));
    this.name = 'RuleError';
    this.code = code;
    this.detail = detail;
    this.place = place;
  }
}

function sentence(code: RuleErrorCode, detail: string | undefined, { position, title, part }: RulePlace): string {
  const rule = position === undefined ? undefined : `rule ${position}${title === undefined ? '' : ` (${title})`}`;
  const where = [rule, part].filter((each) => each !== undefined).join(', ');
  const what = detail === undefined ? ruleErrors[code] : `${ruleErrors[code]}: ${detail}`;
  return where === '' ? what : `${where}: ${what}`;
}

/** Adds the place to an error that does not know its own. */
export function placed<T>(place: RulePlace, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw new RuleError(error.code, error.detail, { ...place, ...error.place });
  }
}
