// What is left of a message that a rule refused: what the rules do all the same, and a letter to a sender whose program shows
// no reasons.

import { addEffect } from '../store/effects.js';
import type { MessageError } from './errors.js';
import type { NewEffect } from './effect-rows.js';
import { deliverLetter } from './letter.js';
import type { MessageServices, Submission } from './submit.js';

export interface RefusedByRule {
  submission: Submission;
  error: MessageError;
  effects: readonly NewEffect[];
}

/** Resolves when it is on disk. */
export async function recordRefusal({ store, now }: MessageServices, refusal: RefusedByRule): Promise<void> {
  const { submission, error, effects } = refusal;
  // A phone is answered with a number alone.
  const to = submission.origin === 'eas' ? submission.user : undefined;
  if (effects.length === 0 && !to) return;
  await store.transact(function* (tx) {
    for (const effect of effects) yield* addEffect(tx, effect);
    if (to) yield* deliverLetter(tx, { to, ...writeRefusal(submission, error), now: now() });
  });
}

function writeRefusal(
  { numbers, text }: Submission,
  { message, detail }: MessageError,
): { subject: string; text: string } {
  const reason = detail ?? message;
  const subject = `Your text to ${numbers.join(', ')} was not sent`.slice(0, 200);
  return { subject, text: `${subject}: ${reason}.\n\nIt is not tried again.\n\n${text}\n` };
}
