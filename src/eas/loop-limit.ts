// A device that repeats the same request over and over, and empties its battery and our processor with it.

interface Repeated {
  fingerprint: number;
  times: number;
  since: number;
}

const minute = 60_000;

export class LoopLimit {
  readonly #repeated = new Map<string, Repeated>();

  /** Whether this is the same command with the same body more than `limitPerMinute` times; 0 means no limit. */
  isExceeded(request: { device: string; body: Uint8Array; now: number; limitPerMinute: number }): boolean {
    const { device, body, now, limitPerMinute } = request;
    if (limitPerMinute === 0) return false;
    const fingerprint = fingerprintOf(body);
    const before = this.#repeated.get(device);
    if (!before || before.fingerprint !== fingerprint || now - before.since >= minute) {
      this.#repeated.set(device, { fingerprint, times: 1, since: now });
      return false;
    }
    before.times++;
    return before.times > limitPerMinute;
  }

  /** Forgets who has been quiet for a minute. */
  sweep(now: number): void {
    for (const [device, { since }] of this.#repeated) if (now - since >= minute) this.#repeated.delete(device);
  }
}

// FNV-1a. A device that changes its body at each request is not in a loop, whatever the sums are.
function fingerprintOf(body: Uint8Array): number {
  let hash = 0x811c9dc5 ^ body.length;
  for (const octet of body) hash = Math.imul(hash ^ octet, 0x01000193);
  return hash;
}
