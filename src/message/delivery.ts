// What became of a text after a bearer took it: delivery reports come early, late, more than once and for each part, and
// make one state of them all.

import {
  addReference,
  getEarlyReports,
  getReference,
  isWhollyDelivered,
  keepEarlyReport,
  noteOutcome,
} from '../store/bearer-references.js';
import { getMessage } from '../store/messages.js';
import { getLostTexts, isUnderWay } from '../store/modems.js';
import type { Transaction } from '../store/session.js';
import type { DeliveryOutcome } from '../store/states.js';
import type { BearerReference, Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { isBinary } from './content.js';
import { limits } from './limits.js';
import { reportDelivered, reportUndelivered } from './report.js';

export interface DeliveryReport {
  gateway: string;
  /** As the gateway gave it when it took the text; or our own id of the message, where that was passed on to it. */
  reference: string;
  outcome: DeliveryOutcome;
  /** Shown to the sender. */
  reason?: string | undefined;
  /** When the text was taken, by the clock of whoever took it: where the same reference comes round again. */
  takenAt?: number | undefined;
  /** To which number, where the gateway may have lost track of a text: as `comparable` compares, without the rest. */
  isTo?: ((recipient: string) => boolean) | undefined;
  now: number;
}

/**
 * Takes what a gateway says became of a text or of one part of it. The first word on each part counts: all parts
 * delivered make the message `delivered`, any failed one makes it `failed`, which its sender is told.
 *
 * False when the text is not known, or not yet: the report waits for its text.
 */
export function* takeDeliveryReport(tx: Transaction, report: DeliveryReport): Steps<boolean> {
  if (report.reference.length > limits.referenceCharacters) return false;
  const reference = yield* getReference(tx, { ...report, near: report.takenAt });
  if (reference) {
    const isNews = yield* settlePart(tx, reference, report);
    // Of a modem it may be on the next text, whose reference is about to be known.
    if (isNews || !report.isTo) return true;
  }
  const message = (yield* getNamedByItsId(tx, report)) ?? (yield* getLost(tx, report));
  if (message) yield* conclude(tx, message, report);
  else yield* keepEarlyReport(tx, { ...report, reason: report.reason?.slice(0, limits.reasonCharacters) });
  return message !== undefined;
}

export interface GivenReferences {
  message: Pick<Message, 'id' | 'recipient'>;
  gateway: string;
  references: readonly { reference: string; part?: number }[];
  /** When the bearer began: no report on this text came before. */
  since: number;
  now: number;
}

/** Part of the commit that records the text as sent. What was reported on it meanwhile counts now. */
export function* noteReferences(tx: Transaction, given: GivenReferences): Steps<void> {
  const { message, gateway, since, now } = given;
  const parts: BearerReference[] = [];
  // All of them first: a report on one part is judged by all parts.
  for (const { reference, part } of given.references)
    if (reference.length <= limits.referenceCharacters)
      parts.push(
        yield* addReference(tx, {
          ...{ gateway, reference, part, now },
          messageId: message.id,
          recipient: message.recipient,
        }),
      );
  for (const part of parts)
    for (const { outcome, reason } of yield* getEarlyReports(tx, { gateway, reference: part.reference, since }))
      yield* settlePart(tx, part, { outcome, reason: reason ?? undefined, now });
}

type Word = Pick<DeliveryReport, 'outcome' | 'reason' | 'now'>;

/** False where there was a word on it already: the report may be on the next text of this reference. */
function* settlePart(tx: Transaction, { id, messageId }: BearerReference, word: Word): Steps<boolean> {
  if (!(yield* noteOutcome(tx, id, word.outcome))) return false;
  if (word.outcome === 'delivered' && !(yield* isWhollyDelivered(tx, messageId))) return true;
  const message = yield* getMessage(tx, messageId);
  if (message) yield* conclude(tx, message, word);
  return true;
}

const clockDifferenceMilliseconds = 15 * 60_000;
const lostForMilliseconds = 7 * 24 * 60 * 60_000;

// The gateway took a text and never said what it calls it; the report shows that it left. Only where there is one such text, of
// one part, at that time, and none to the same number whose reference is about to be known.
function* getLost(tx: Transaction, { gateway, takenAt, isTo, now }: DeliveryReport): Steps<Message | undefined> {
  if (!isTo || takenAt === undefined) return undefined;
  const lost = (yield* getLostTexts(tx, gateway, now - lostForMilliseconds)).filter(
    ({ message, startedAt }) =>
      message.parts === 1 && isTo(message.recipient) && Math.abs(startedAt - takenAt) <= clockDifferenceMilliseconds,
  );
  const [only] = lost;
  if (!only || lost.length > 1) return undefined;
  return (yield* isUnderWay(tx, { gateway, recipient: only.message.recipient })) ? undefined : only.message;
}

function* conclude(tx: Transaction, message: Message, { outcome, reason, now }: Word): Steps<void> {
  if (outcome === 'delivered') yield* reportDelivered(tx, { message, now });
  else yield* reportUndelivered(tx, { message, reason: reasonOf(reason), now });
}

function reasonOf(reason: string | undefined): string {
  const told = reason?.slice(0, limits.reasonCharacters);
  return told === undefined || told === '' ? 'it did not arrive' : told;
}

// A gateway that took a text and was not heard has told no reference; one that was told our id may name that. It speaks of
// the whole message then: what goes out in several requests is not known by it.
function* getNamedByItsId(tx: Transaction, { gateway, reference }: DeliveryReport): Steps<Message | undefined> {
  const message = yield* getMessage(tx, reference);
  if (!message || message.gateway !== gateway || isBinary(message)) return undefined;
  // What a phone has is spoken of by the phone.
  return message.deviceId === null ? message : undefined;
}
