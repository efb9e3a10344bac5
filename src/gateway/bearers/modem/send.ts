// One message through one modem: all its parts, each once, and of those that the modem did not take only these again, soon, and
// under the number that the others have.

import { setTimeout as delay } from 'node:timers/promises';
import { ModemError } from '../../../modem/errors.js';
import type { UserData } from '../../../sms/tpdu/user-data.js';
import type { Message } from '../../../store/tables.js';
import type { Accepted, BearerReferenceGiven } from '../../bearer.js';
import { SubmitError } from '../../errors.js';
import { detailOf, outcomeOf } from './outcome.js';
import { referenceOf } from './references.js';
import { writeSubmit } from './tpdus.js';

export interface SendingLine {
  id: string;
  /** What the modem calls what it sent. Throws ModemError. */
  send: (tpdu: Uint8Array) => Promise<number>;
  reportWanted: () => boolean;
  now: () => number;
  /** Before a part of a message whose first parts were taken is given again. */
  pauses: readonly number[];
}

export interface Sending {
  message: Message;
  parts: readonly UserData[];
  signal: AbortSignal;
}

/** A modem that is gone is back within these, or the rest of the message is lost. */
export const partPauses: readonly number[] = [1_000, 3_000, 5_000, 10_000, 15_000, 30_000, 60_000];

/** Throws SubmitError. */
export async function sendParts(line: SendingLine, sending: Sending): Promise<Accepted> {
  const { message, parts } = sending;
  const references: BearerReferenceGiven[] = [];
  const progress: Progress = { hasValidity: true };
  for (const [part, content] of parts.entries()) {
    const messageReference = await insist(line, { ...sending, content, part, progress });
    const reference = referenceOf(messageReference, message.recipient);
    references.push(parts.length === 1 ? { reference } : { reference, part });
  }
  return { outcome: 'sent', references };
}

interface Progress {
  hasValidity: boolean;
}

interface PartSending extends Sending {
  content: UserData;
  part: number;
  progress: Progress;
}

/** The first part may still go elsewhere with all others; whoever took it has to take the rest. */
async function insist(line: SendingLine, sending: PartSending): Promise<number> {
  const pauses = sending.part === 0 ? [] : [...line.pauses];
  for (;;) {
    const { isSent, value } = await attempt(line, sending);
    if (isSent) return value;
    const outcome = outcomeOf(value);
    if (outcome === 'without-validity' && sending.progress.hasValidity) sending.progress.hasValidity = false;
    else if (outcome !== 'not-sent' || pauses.length === 0) throw failed(line, sending, value);
    else await pause(line, sending, pauses.shift()!);
  }
}

type Attempt = { isSent: true; value: number } | { isSent: false; value: unknown };

async function attempt(line: SendingLine, { message, content, progress, signal }: PartSending): Promise<Attempt> {
  const options = { ...progress, reportWanted: line.reportWanted(), now: line.now() };
  const tpdu = writeSubmit(message, content, options);
  try {
    return { isSent: true, value: await unlessAborted(line, line.send(tpdu), signal) };
  } catch (value) {
    if (value instanceof SubmitError) throw value;
    return { isSent: false, value };
  }
}

async function pause({ id }: SendingLine, { signal }: PartSending, milliseconds: number): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch((cause: unknown) => {
    throw new SubmitError('SHUT_DOWN', id, cause);
  });
}

function failed({ id }: SendingLine, { part }: PartSending, error: unknown): SubmitError {
  const outcome = outcomeOf(error);
  const answer = { detail: detailOf(error) };
  if (outcome === 'unknown') return new SubmitError('MODEM_NO_OUTCOME', id, error, answer);
  if (part > 0) return new SubmitError('MODEM_INCOMPLETE', id, error, answer);
  if (outcome !== 'not-sent') return new SubmitError('MODEM_REFUSED', id, error, answer);
  const isHere = error instanceof ModemError && error.code === 'CMS_ERROR';
  return new SubmitError(isHere ? 'MODEM_BUSY' : 'MODEM_NOT_READY', id, error, answer);
}

/** At the end of the server nobody waits for a modem that says nothing. */
function unlessAborted<T>({ id }: SendingLine, sending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new SubmitError('SHUT_DOWN', id));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    const settle = (): void => signal.removeEventListener('abort', abort);
    sending.then(resolve, reject).finally(settle);
  });
}
