// A device that repeats the same request over and over, and empties its battery and our processor with it.

interface Repeated {
  fingerprint: number;
  times: number;
  since: number;
}

const minute = 60_000;
// A loop may take turns between a few requests. Stops: memory that grows with every other body a device sends.
const requestsKept = 4;

export interface Request {
  /** Device and command. */
  device: string;
  body: Uint8Array;
  /** What the request names beside its body: attachments are fetched one by one with none. */
  about: string;
  now: number;
  /** 0 means no limit. */
  limitPerMinute: number;
}

export class LoopLimit {
  readonly #repeated = new Map<string, Repeated[]>();

  /** How far this is above the limit of the same requests of a minute, 0 or less where it is within. */
  excess({ device, body, about, now, limitPerMinute }: Request): number {
    if (limitPerMinute === 0) return 0;
    const fingerprint = fingerprintOf(body, about);
    const known = this.#repeated.get(device) ?? [];
    const before = known.find((each) => each.fingerprint === fingerprint && now - each.since < minute);
    if (before) return ++before.times - limitPerMinute;
    const kept = known.filter((each) => now - each.since < minute);
    this.#repeated.set(device, [{ fingerprint, times: 1, since: now }, ...withoutRarest(kept)]);
    return 1 - limitPerMinute;
  }

  /** Forgets who has been quiet for a minute. */
  sweep(now: number): void {
    for (const [device, known] of this.#repeated)
      if (known.every(({ since }) => now - since >= minute)) this.#repeated.delete(device);
  }
}

// Room for one more. What was repeated most is what a loop is made of.
function withoutRarest(known: readonly Repeated[]): readonly Repeated[] {
  if (known.length < requestsKept) return known;
  const rarest = known.reduce((least, each) => (each.times < least.times ? each : least));
  return known.filter((each) => each !== rarest);
}

// FNV-1a. A device that changes its body at each request is not in a loop, whatever the sums are.
function fingerprintOf(body: Uint8Array, about: string): number {
  let hash = 0x811c9dc5 ^ body.length;
  for (const octet of body) hash = Math.imul(hash ^ octet, 0x01000193);
  for (let index = 0; index < about.length; index++) hash = Math.imul(hash ^ about.charCodeAt(index), 0x01000193);
  return hash;
}
