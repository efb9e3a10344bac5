// The time an emulated modem and its network live in; tests give them their own.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls once, after so many milliseconds; 0 is after what runs now. */
  after(milliseconds: number, call: () => void): Timer;
}

// What waits does not keep a program alive: the line does.
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, call) => {
    if (milliseconds > 0) {
      const timer = setTimeout(call, milliseconds).unref();
      return { cancel: () => clearTimeout(timer) };
    }
    const immediate = setImmediate(call);
    return { cancel: () => clearImmediate(immediate) };
  },
};
