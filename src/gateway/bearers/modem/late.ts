// A word of the modem that comes after its text was recorded as unknown: `+CMGS` behind a time-out, or after a restart.

import { noteReferences } from '../../../message/delivery.js';
import { reportSent } from '../../../message/report.js';
import { getLostTexts, type LostText } from '../../../store/modems.js';
import type { Store } from '../../../store/open.js';
import { referenceOf } from './references.js';

/** Longer than a modem thinks about a text. */
const lateMilliseconds = 10 * 60_000;
/** How long what was not confirmed may wait behind the prompt of a modem. */
const unsentMilliseconds = 24 * 60 * 60_000;

export interface LateServices {
  store: Store;
  now: () => number;
}

/**
 * The newest text that this gateway lost track of was sent. Not where it has several parts, whose others nobody sends; nor where
 * more than one is meant.
 */
export async function takeLateReference(
  { store, now }: LateServices,
  gateway: string,
  messageReference: number,
): Promise<boolean> {
  return store.transact(function* (tx) {
    const [lost, ...others] = yield* getLostTexts(tx, gateway, now() - lateMilliseconds);
    if (!lost || others.length > 0 || lost.message.parts > 1) return false;
    const { message } = lost;
    if (!(yield* reportSent(tx, { message, now: now() }))) return false;
    const references = [{ reference: referenceOf(messageReference, message.recipient) }];
    yield* noteReferences(tx, { message, gateway, references, since: lost.startedAt, now: now() });
    return true;
  });
}

/** Whether a text may wait behind the prompt, where Ctrl-Z would send it. */
export async function mayHaveUnsent({ store, now }: LateServices, gateway: string): Promise<boolean> {
  const lost: LostText[] = await store.read((session) => getLostTexts(session, gateway, now() - unsentMilliseconds));
  return lost.length > 0;
}
