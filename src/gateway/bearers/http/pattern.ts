// Patterns that administrators write, looked for in answers of providers: RE2, whose time grows with the text alone.

import { RE2JS, RE2JSSyntaxException } from 're2js';
import { OptionError } from '../../errors.js';
import { limits } from './limits.js';

export interface Pattern {
  readonly groups: number;
  isIn(answer: string): boolean;
  /** What the first group stands for; undefined where it is not there or empty. */
  findGroup(answer: string): string | undefined;
}

/** @throws OptionError */
export function readPattern(written: string, option: string): Pattern {
  if (written.length > limits.patternCharacters) throw new OptionError(option, 'It is too long.');
  const compiled = compile(written, option);
  return {
    groups: compiled.groupCount(),
    isIn: (answer) => compiled.matcher(answer).find(),
    findGroup: (answer) => {
      const matcher = compiled.matcher(answer);
      return matcher.find() ? matcher.group(1) || undefined : undefined;
    },
  };
}

function compile(written: string, option: string): RE2JS {
  try {
    return RE2JS.compile(written);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw new OptionError(option, `${error.message}.`);
    throw error;
  }
}
