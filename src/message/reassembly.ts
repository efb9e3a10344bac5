// Parts of long texts as they come: in any order, again, between those of others, and some of them never.
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)

import { createHash } from 'node:crypto';
import type { Concatenation } from '../sms/user-data-header.js';
import { getIncomingId, rememberPart } from '../store/incoming.js';
import {
  addPart,
  countWaitingOf,
  getOldestWaiting,
  getParts,
  type GroupKey,
  type NewPart,
  removeParts,
  settleParts,
} from '../store/incoming-parts.js';
import type { Transaction } from '../store/session.js';
import type { IncomingPart } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { assemble, headerOfWhole } from './assemble.js';
import { limits } from './limits.js';
import { isStorable } from './storable-text.js';
import { type ReadyText, takeIncoming, type Taking } from './take-incoming.js';

export interface PartTaking extends Taking {
  /** A part that came before this instant belongs to another message. */
  since: number;
}

export type PartReceipt = { id: string } | { waiting: true } | { dropped: true };

export function* takePart(tx: Transaction, taking: PartTaking, part: NewPart): Steps<PartReceipt> {
  const whole = yield* getWhole(tx, part);
  if (whole !== undefined) return { id: whole };
  const group = yield* getParts(tx, part);
  const same = group.find((row) => row.part === part.part);
  const isCurrent = group.some(({ receivedAt }) => receivedAt >= taking.since);
  if (isCurrent && same?.properties!.digest === part.properties.digest) return receiptOf(same);
  // The sender's numbers came round: what is there is of another message.
  const isOther = !isCurrent || same !== undefined || group.some(isSettled);
  if (group.length > 0 && isOther) yield* closeGroup(tx, taking, part);
  else if (group.length + 1 < part.total) yield* makeRoom(tx, taking, part);
  yield* addPart(tx, part);
  const parts = yield* getParts(tx, part);
  return parts.length < part.total ? { waiting: true } : yield* deliver(tx, taking, parts);
}

/** Ends the wait for the parts of one message: what is there is delivered, unless it was. */
export function* closeGroup(tx: Transaction, taking: Taking, key: GroupKey): Steps<void> {
  const parts = yield* getParts(tx, key);
  if (!parts.some(isSettled)) yield* deliver(tx, taking, parts);
  yield* removeParts(tx, key);
}

function* deliver(tx: Transaction, taking: Taking, parts: readonly IncomingPart[]): Steps<PartReceipt> {
  const { gateway } = parts[0]!;
  const assembled = assemble(parts);
  if (assembled.text === '' && (assembled.properties.data ?? '') === '') {
    yield* removeParts(tx, parts[0]!);
    return { dropped: true };
  }
  const text: ReadyText = { ...assembled, id: taking.newId(), gateway, reference: undefined };
  const id = yield* takeIncoming(tx, taking, text);
  yield* settleParts(tx, parts, id);
  yield* rememberReferences(tx, taking, { parts, partOf: id });
  return { id };
}

function* rememberReferences(tx: Transaction, { newId, now }: Taking, { parts, partOf }: Settled): Steps<void> {
  for (const { gateway, properties } of parts) {
    const { reference, sender } = properties!;
    if (reference !== undefined) yield* rememberPart(tx, { id: newId(), gateway, reference, sender, partOf, now });
  }
}

interface Settled {
  parts: readonly IncomingPart[];
  partOf: string;
}

function* getWhole(tx: Transaction, { gateway, properties }: NewPart): Steps<string | undefined> {
  return properties.reference === undefined ? undefined : yield* getIncomingId(tx, gateway, properties.reference);
}

function* makeRoom(tx: Transaction, taking: Taking, part: NewPart): Steps<void> {
  if ((yield* countWaitingOf(tx, part)) < limits.waitingPartsPerSender) return;
  const oldest = yield* getOldestWaiting(tx, part);
  if (oldest) yield* closeGroup(tx, taking, oldest);
}

function isSettled({ properties }: IncomingPart): boolean {
  return properties?.partOf !== undefined;
}

function receiptOf({ properties }: IncomingPart): PartReceipt {
  return properties?.partOf === undefined ? { waiting: true } : { id: properties.partOf };
}

export interface PartRow {
  text: ReadyText;
  concatenation: Concatenation;
  now: number;
}

export function writePart({ text, concatenation, now }: PartRow): NewPart {
  const { gateway, sender, recipient, reference, properties } = text;
  const { data, udh, ...others } = properties;
  const header = headerOfWhole(Buffer.from(udh ?? '', 'base64'));
  // Some senders end a part between the halves of a character.
  const isUtf16 = data === undefined && !isStorable(text.text);
  const octets = isUtf16 ? Buffer.from(text.text, 'utf16le') : data === undefined ? null : Buffer.from(data, 'base64');
  return {
    gateway,
    sender: recipient === undefined ? sender : `${sender} ${recipient}`,
    ...concatenation,
    text: octets === null ? text.text : null,
    data: octets,
    properties: {
      ...others,
      sender,
      ...(recipient !== undefined && { recipient }),
      ...(reference !== undefined && { reference }),
      ...(header.length > 0 && { udh: Buffer.from(header).toString('base64') }),
      ...(isUtf16 && { isUtf16 }),
      digest: createHash('sha256')
        .update(octets ?? text.text)
        .digest('base64'),
    },
    receivedAt: now,
  };
}
