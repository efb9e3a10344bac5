// Waits until somebody ends the program.

const signals = ['SIGINT', 'SIGTERM'] as const;

export interface AwaitedSignal {
  readonly received: Promise<void>;
  /** Lets signals end the program again as they always do. */
  forget(): void;
}

export function untilSignal(): AwaitedSignal {
  let resolve: () => void = () => undefined;
  const received = new Promise<void>((done) => (resolve = done));
  for (const signal of signals) process.once(signal, resolve);
  return {
    received,
    forget: () => {
      for (const signal of signals) process.removeListener(signal, resolve);
    },
  };
}
