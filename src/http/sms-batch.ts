// What a thread of the `/sms/` port and the server tell each other: small plain values in arrays, because to copy an object
// from thread to thread costs several times as much, and many at once, because a message costs more than what is in it.

import type { AddressInfo } from 'node:net';
import type { Submission } from '../message/submit.js';
import type { ErrorAnswer } from './error-answers.js';
import type { RefusalLog } from './refuse.js';
import type { SmsOutcome, SmsWish } from './sms.js';

/** Where a thread listens. */
export interface ThreadSettings {
  host: string;
  port: number;
  /** Others listen there too. */
  isShared: boolean;
  /** So many requests may wait to be stored. */
  mostWaiting: number;
}

export type FromThread =
  | { kind: 'listening'; address: AddressInfo }
  | { kind: 'not listening'; code: string }
  | { kind: 'batch'; wishes: PackedWish[]; lines: LogLine[] };

export type ToThread = { kind: 'answers'; answers: PackedAnswer[]; linesRead: number } | { kind: 'close' };

/** What its log would have been given. */
export type LogLine = [level: keyof RefusalLog, line: object, message: string];

type Frequent = [numbers: readonly string[], text: string, user: string | undefined, pass: string | undefined];
type Asked = [method: string, path: string, authorization: string | undefined, address: string];

/** The number is the thread's own, for the answer. */
export type PackedWish = [number: number, ...Frequent, ...Asked, rest: Rest | undefined];

/** What few requests have. */
interface Rest extends Omit<Submission, 'origin' | 'numbers' | 'text' | 'user' | 'terms'> {
  authenticated: string | undefined;
  isForwarded: boolean;
}

export function packWish(number: number, { submission, claim, method, path }: SmsWish): PackedWish {
  const { numbers, text } = submission;
  const { user, pass, authorization, address } = claim;
  return [number, numbers, text, user, pass, method, path, authorization, address, restOf({ submission, claim })];
}

function restOf({ submission, claim }: Pick<SmsWish, 'submission' | 'claim'>): Rest | undefined {
  const { authenticated, isForwarded } = claim;
  const { binary, pid, dcs, maxParts, gateway, sender, values, reply, msgid, idempotency } = submission;
  const rest = { pid, dcs, maxParts, gateway, sender, values, reply, msgid, idempotency, authenticated };
  if (binary === undefined && Object.values(rest).every((value) => value === undefined)) return undefined;
  return { ...rest, isForwarded, binary: binary && { data: alone(binary.data), udh: binary.udh && alone(binary.udh) } };
}

// With a view its whole buffer would be copied, which it shares with what other requests brought.
function alone(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}

export function unpackWish(packed: PackedWish): SmsWish {
  const [, numbers, text, user, pass, method, path, authorization, address, rest] = packed;
  const { authenticated, isForwarded, ...content } = rest ?? nothing;
  return {
    submission: { user: undefined, origin: 'http', numbers, text, ...content },
    claim: { user, pass, authenticated, authorization, address, isForwarded },
    method,
    path,
  };
}

const nothing: Rest = { authenticated: undefined, isForwarded: false };

/** No id has a comma. */
type PackedAccepted = [number: number, ids: string, parts: number];
type PackedRefusal = [number: number, answer: ErrorAnswer, step: string | undefined];
export type PackedAnswer = PackedAccepted | PackedRefusal;

export function packAnswer(number: number, outcome: SmsOutcome): PackedAnswer {
  if ('answer' in outcome) return [number, outcome.answer, outcome.step];
  const { ids, parts } = outcome;
  return [number, ids.length === 1 ? ids[0]! : ids.join(','), parts];
}

export function unpackAnswer(packed: PackedAnswer): SmsOutcome {
  if (isRefusal(packed)) return { answer: packed[1], step: packed[2] };
  return { ids: packed[1].split(','), parts: packed[2] };
}

function isRefusal(packed: PackedAnswer): packed is PackedRefusal {
  return typeof packed[1] !== 'string';
}
