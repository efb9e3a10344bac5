// A bearer with a line before it. What was claimed ahead waits there for one of its places, so that a place that becomes
// free is filled at once and not with the next round of dispatch.

import type { Accepted, Bearer, Handover } from './bearer.js';

export interface PacedBearer extends Bearer {
  /**
   * How many messages may wait for a place: as many as it lately sent within a moment. What waits at a slow bearer is left
   * to those that are quicker.
   */
  ahead(): number;
  /** Whoever waits for a place is told that there is none, and lets go of the message. */
  giveUpWaiting(): void;
}

const aheadMilliseconds = 50;
/** Claimed by a process that may end: more than this is not worth what it takes to claim them again. */
const mostAhead = 256;

export function inTurns(bearer: Bearer, now: () => number): PacedBearer {
  const waiting: ((isMine: boolean) => void)[] = [];
  const pace = new Pace(now);
  let free = bearer.concurrency;

  async function turn(): Promise<boolean> {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free--;
    return true;
  }

  // The place goes to whoever waits longest; only where nobody does is it given back.
  function next(): void {
    pace.count();
    const following = waiting.shift();
    if (following) following(true);
    else free++;
  }

  async function submit(handover: Handover): Promise<Accepted> {
    if (!(await turn())) return { outcome: 'left' };
    try {
      return await bearer.submit(handover);
    } finally {
      next();
    }
  }

  return {
    ...bearer,
    submit,
    ahead: () => pace.inAMoment(),
    giveUpWaiting: () => {
      for (const giveUp of waiting.splice(0)) giveUp(false);
    },
  };
}

/** Counts what ends, moment by moment. */
class Pace {
  readonly #now: () => number;
  #since: number;
  #count = 0;
  #before = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  count(): void {
    this.#count++;
  }

  /** What ended in the last whole moment. */
  inAMoment(): number {
    const moments = (this.#now() - this.#since) / aheadMilliseconds;
    if (moments >= 1) {
      this.#before = Math.floor(this.#count / moments);
      this.#count = 0;
      this.#since = this.#now();
    }
    return Math.min(this.#before, mostAhead);
  }
}
