// Ids of messages: they grow with time, also within one millisecond.

import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const idsPerFill = 256;
const octetsPerId = 16;

/** A source of ids. Random octets are drawn for many ids at once: each draw costs more than all the rest of an id. */
export function idSource(now: () => number): () => string {
  const pool = new Uint8Array(idsPerFill * octetsPerId);
  let position = pool.length;
  let msecs = 0;
  let seq = 0;
  return () => {
    if (position === pool.length) {
      randomFillSync(pool);
      position = 0;
    }
    const random = pool.subarray(position, (position += octetsPerId));
    const instant = now();
    if (instant > msecs) {
      msecs = instant;
      // Begins in the lower half, so that a millisecond never runs out of numbers.
      seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
    } else seq++;
    return v7({ random, msecs, seq });
  };
}
