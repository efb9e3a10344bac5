// A rule starts a program, once. Whatever it says of itself, it ran.

import { HookError } from '../hooks/errors.js';
import { type ProgramEnd, runProgram } from '../hooks/program.js';
import type { Effect } from '../store/tables.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { ProgramEffect } from './effect-rows.js';

export async function runProgramOfRule(
  { store }: EffectServices,
  { document }: Effect,
  signal: AbortSignal,
): Promise<Came> {
  const { program, arguments: words } = document as unknown as ProgramEffect;
  const { allowedExecutables: allowed } = store.settings.current.rules;
  try {
    return judge(await runProgram({ program, arguments: words, allowed, signal }));
  } catch (error) {
    if (!(error instanceof HookError)) throw error;
    if (error.code === 'NO_END') return { state: 'unknown', error: error.message };
    // The machine has no room for it now; all else is wrong for ever.
    const isAgain = error.code === 'NOT_STARTED' && /^(EAGAIN|EMFILE|ENFILE|ENOMEM)$/.test(error.detail ?? '');
    return { state: isAgain ? 'again' : 'failed', error: error.message };
  }
}

function judge({ exitCode, signal, said }: ProgramEnd): Came {
  if (exitCode === 0) return { state: 'done' };
  const end = exitCode === undefined ? `was ended by ${signal}` : `ended with ${exitCode}`;
  return { state: 'failed', error: `the program ${end}${said === '' ? '' : `: ${said}`}` };
}
