// TS 27.007 8.2 Set phone functionality +CFUN

import type { Port } from '../port.js';

/** The modem starts anew and vanishes from its port: nobody waits for an answer. */
export function restart(port: Pick<Port, 'write'>, command: string): void {
  port.write(`\x1b\r${command}\r`);
}
