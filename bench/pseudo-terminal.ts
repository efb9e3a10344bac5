// A serial device of a TCP port, for programs that know no others: socat between the two.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface PseudoTerminal {
  /** The device. */
  readonly path: string;
  end(): Promise<void>;
}

const opensWithinMs = 5000;
const lookEveryMs = 20;

/** @param folder where the device gets its name; whoever gives it removes it */
export async function openPseudoTerminal(port: number, folder: string): Promise<PseudoTerminal> {
  const path = join(folder, `tty${port}`);
  const child = spawn('socat', [`pty,raw,echo=0,link=${path}`, `tcp:127.0.0.1:${port}`], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  for (let waited = 0; !existsSync(path); waited += lookEveryMs) {
    if (waited > opensWithinMs || child.exitCode !== null) throw new Error('socat made no device of the port');
    await pause(lookEveryMs);
  }
  return {
    path,
    end: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
