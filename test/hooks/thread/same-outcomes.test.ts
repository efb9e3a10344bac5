// All that callers and gateways over HTTP are tested for, with calls that are made in a thread beside the main one.

import './calls-in-thread.js';
import '../http-call.test.js';
import '../../gateway/bearers/http.test.js';
