// A story told line by line: when, who, what.

export interface Timeline {
  /** Something happened. */
  tell(who: string, what: string): void;
  /** Something was expected; what was missing is kept. */
  expect(isSo: boolean, what: string): void;
  readonly missing: readonly string[];
  readonly expectations: number;
}

const WHO_WIDTH = 9;

export function startTimeline(print: (line: string) => void, now: () => number = () => performance.now()): Timeline {
  const startedAt = now();
  const missing: string[] = [];
  let expectations = 0;
  return {
    missing,
    get expectations() {
      return expectations;
    },
    tell(who, what) {
      const seconds = ((now() - startedAt) / 1000).toFixed(2);
      print(`${seconds.padStart(6)} s  ${who.padEnd(WHO_WIDTH)}  ${what}`);
    },
    expect(isSo, what) {
      expectations += 1;
      if (!isSo) missing.push(what);
    },
  };
}
