// Whom an address stands for, as `list` and `notification` are told: in words, or one a line on standard input, where a password
// is seen by nobody else on the machine.

import { text as readAll } from 'node:stream/consumers';
import { CliError } from './errors.js';

export interface MemberFlags {
  readonly stdin?: boolean;
}

export const fromStdin = [
  '--stdin',
  'read them from standard input, one a line: no password stands in the command',
] as const;

/** @throws CliError WRONG_USAGE where nobody is named */
export async function readMembers(named: readonly string[], { stdin }: MemberFlags): Promise<readonly string[]> {
  const written = stdin ? (await readAll(process.stdin)).split(/\r?\n/) : [];
  const members = [...named, ...written].map((each) => each.trim()).filter((each) => each !== '');
  if (members.length === 0) throw new CliError('WRONG_USAGE', 'nobody is named');
  return members;
}

/** Of those that are there, without these. @throws CliError REFUSED where one of them is not there */
export function without(members: readonly string[], gone: readonly string[]): readonly string[] {
  const names = gone.map(nameOf);
  const missing = gone.find((each) => !members.some((member) => nameOf(member) === nameOf(each)));
  if (missing !== undefined) throw new CliError('REFUSED', `${missing.replace(password, '$1…')} is not among them`);
  return members.filter((member) => !names.includes(nameOf(member)));
}

const password = /([?&]pass=)[^&@"]*/i;

// The API shows no password.
function nameOf(member: string): string {
  return member.replace(password, '$1').toLowerCase();
}
