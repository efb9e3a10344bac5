// The caller that is tested: one in this thread, or one of a thread beside it.

import { type OpenCaller, openCaller as openInThisThread } from '../../src/hooks/http-call.js';
import { CallerThread } from '../../src/hooks/thread/caller-thread.js';

let thread: CallerThread | undefined;

/** For all tests of this process. */
export function makeCallsInThread(): void {
  thread = new CallerThread({
    onDeath: (error) => {
      throw error;
    },
  });
}

export const openCaller: OpenCaller = (given) => (thread ? thread.open(given) : openInThisThread(given));
