// The program of holder.ts and its orders.

import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Unmeasurable } from './figure.js';

export type Order = { do: 'hold'; file: string; host: string; port: number } | { do: 'hang up' };
/** Instants in milliseconds since the epoch, with fractions; bodies as hex, each different one once. */
export type Told =
  { told: 'all sent' } | { told: 'all answered'; at: number; bodies: string[] } | { told: 'hung up'; at: number };

export class Holder {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./holder.js', import.meta.url)));
  /** Of the answers to what is held now. */
  answered: Promise<Told & { told: 'all answered' }> | undefined;

  /** Sends the requests of the file, each over a connection of its own. */
  async hold(order: { file: string; host: string; port: number }): Promise<void> {
    const sent = this.#hear('all sent');
    this.answered = this.#hear('all answered');
    this.#order({ do: 'hold', ...order });
    await sent;
  }

  /** Gives the instant at which the last connection was closed. */
  async hangUp(): Promise<number> {
    const gone = this.#hear('hung up');
    this.#order({ do: 'hang up' });
    return (await gone).at;
  }

  end(): void {
    this.#child.kill();
  }

  #order(order: Order): void {
    this.#child.send(order);
  }

  #hear<T extends Told['told']>(what: T): Promise<Told & { told: T }> {
    return new Promise((resolve) => {
      const listen = (told: Told) => {
        if (told.told !== what) return;
        this.#child.off('message', listen);
        resolve(told as Told & { told: T });
      };
      this.#child.on('message', listen);
    });
  }
}

/** Throws Unmeasurable where a process may not hold so many connections. Node raises its own limit as far as it may. */
export function checkDescriptors(needed: number): void {
  const line = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  const allowed = line?.[1] === 'unlimited' ? Infinity : Number(line?.[1]);
  if (!(allowed >= needed))
    throw new Unmeasurable(`${needed} descriptors are needed in one process, ${allowed} are allowed (ulimit -Hn)`);
}
