// The one question that every origin asks before it submits: on what terms may this sender send?

import type { Store } from '../store/open.js';
import { dateOf } from '../store/local-calendar.js';
import { decide, type Sender, type Terms } from './decide.js';
import { directoryOf } from './directory.js';
import { AccountError } from './errors.js';

/**
 * From memory, unless an account, a group or a domain has just changed.
 * Throws AccountError ACCESS_DENIED, ACCOUNT_INACTIVE, ACCOUNT_EXPIRED, which name the level that refused.
 */
export function termsOf(store: Store, sender: Sender, now: number): Terms | Promise<Terms> {
  const directory = directoryOf(store);
  const judge = (known: Awaited<typeof directory>): Terms => {
    const { smsSettings } = store.settings.current;
    const decision = decide(sender, { directory: known, smsSettings, today: dateOf(now) });
    if (!decision.allowed) throw new AccountError(decision.code, undefined, { level: decision.level });
    return decision.terms;
  };
  return directory instanceof Promise ? directory.then(judge) : judge(directory);
}
