// Imported before the tests that are to run so.

import { makeCallsInThread } from '../callers.js';

makeCallsInThread();
