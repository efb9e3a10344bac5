// What ends a command of the command line with a sentence instead of a result: the one error class of this room.

/** The codes with their sentence; most of them are told in more detail. */
export const cliErrors = {
  WRONG_USAGE: 'the command was called wrongly',
  NO_TOKEN: 'there is no token for the admin API',
  UNREACHABLE: 'no server answers',
  NO_API: 'what answers is no easms server',
  REFUSED: 'the server refused',
  NOT_DONE: 'it was not done',
} as const;

export type CliErrorCode = keyof typeof cliErrors;

// 1: refused or failed; 2: wrong usage or configuration.
const wrongUsage: readonly CliErrorCode[] = ['WRONG_USAGE', 'NO_TOKEN'];

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly exitStatus: 1 | 2;

  constructor(code: CliErrorCode, sentence: string = cliErrors[code], cause?: unknown) {
    super(sentence, { cause });
    this.code = code;
    this.exitStatus = wrongUsage.includes(code) ? 2 : 1;
  }
}
