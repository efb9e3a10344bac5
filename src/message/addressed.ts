// A list or a notification account as somebody writes to it: by its address, or with an extension behind its name.

import { isForExtension, readExtension } from '../mail/extension.js';
import { type Distribution, getDistribution } from '../store/distributions.js';
import type { Session } from '../store/session.js';
import type { Steps } from '../store/transaction.js';

export interface Addressed {
  distribution: Distribution;
  /** What stands behind its name: the number of a member that has none of its own. */
  extension?: string;
}

export function* findAddressed(session: Session, address: string): Steps<Addressed | undefined> {
  const distribution = yield* getDistribution(session, address.toLowerCase());
  return distribution ? { distribution } : yield* findHelper(session, address);
}

/** `NAME:+15551234567@domain`, where NAME is a list that has a member for it. */
function* findHelper(session: Session, address: string): Steps<Addressed | undefined> {
  const extended = readExtension(address);
  const distribution = extended && (yield* getDistribution(session, extended.address));
  if (!distribution?.targets.some(isForExtension)) return undefined;
  return { distribution, extension: extended!.extension };
}
