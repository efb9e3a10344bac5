// The thread for calls with faults in it: a URL that ends with the name of one brings it about, before its call is begun or
// afterwards.

import { parentPort } from 'node:worker_threads';
import type { Order } from '../../../src/hooks/thread/messages.js';

const faults: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('the thread is broken');
  },
  hang: () => {
    for (;;);
  },
};

const port = parentPort!;
const on = port.on.bind(port) as (event: string, listener: (orders: readonly Order[]) => void) => typeof port;
port.on = ((event: string, obey: (orders: readonly Order[]) => void) =>
  on(event, (orders) => {
    fail('before', orders);
    obey(orders);
    fail('after', orders);
  })) as typeof port.on;
await import('../../../src/hooks/thread/worker.js');

function fail(when: string, orders: readonly Order[]): void {
  for (const order of orders) {
    const [, fault] = (order[0] === 'call' && new RegExp(`/${when}-(\\w+)$`).exec(order[4])) || [];
    if (fault !== undefined) faults[fault]!();
  }
}
