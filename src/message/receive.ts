// The one way in for texts that gateways bring: on disk, and in the mailboxes it is for, before this resolves; once for each
// reference of its gateway.

import type { Logger } from 'pino';
import { concatenationOf, readUserDataHeader } from '../sms/user-data-header.js';
import type { Transaction } from '../store/session.js';
import type { IncomingProperties } from '../store/states.js';
import type { Steps } from '../store/transaction.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';
import { peerOf } from './peer.js';
import { type PartReceipt, takePart, writePart } from './reassembly.js';
import { storable } from './storable-text.js';
import { type EnabledRules, rulesOf } from './rule-book.js';
import type { MessageServices } from './submit.js';
import { type PlacedText, type ReadyText, takeIncoming, type Taking } from './take-incoming.js';

export interface ReceivedText {
  /** Id of the gateway that brings it, known to the caller. */
  gateway: string;
  /** What the gateway calls it. The same again is not taken twice. */
  reference?: string | undefined;
  /** A number as written, or a word such as `Bank`. */
  sender: string;
  /** The number of ours it was sent to, where the gateway tells. */
  recipient?: string | undefined;
  text: string;
  /** Octets of a binary message, whose text is empty. */
  data?: Uint8Array | undefined;
  /** Without its length octet. TS 23.040 9.2.3.24 TP-User Data (TP-UD) */
  udh?: Uint8Array | undefined;
  /** TS 23.040 9.2.3.9 TP-Protocol-Identifier (TP-PID) */
  pid?: number | undefined;
  /** TS 23.040 9.2.3.10 TP-Data-Coding-Scheme (TP-DCS) */
  dcs?: number | undefined;
  /** Epoch milliseconds at which its sender sent it. */
  sentAt?: number | undefined;
  /** How many rules, forwards and servers it has behind it. */
  hops?: number | undefined;
}

export interface ReceiveServices extends MessageServices {
  readonly log?: Logger;
}

/** `waiting`: a part of a long text, kept until the others are there. `dropped`: there was nothing in it. */
export type Receipt = PartReceipt;

/**
 * Takes one text, or one part of a long one. Resolves after the commit is on disk, for a reference that came before with the
 * first id.
 *
 * Throws MessageError BAD_PARAMETER, and StoreError STORAGE_UNAVAILABLE.
 */
export async function receive(services: ReceiveServices, received: ReceivedText): Promise<Receipt> {
  const text = readReceived(services, received);
  const concatenation = concatenationOf(readUserDataHeader(received.udh ?? new Uint8Array()) ?? []);
  const isPart = concatenation !== undefined && concatenation.total > 1;
  if (!isPart && isEmpty(text)) return { dropped: true };
  return takeAll(services, function* (tx, taking): Steps<Receipt> {
    if (!isPart) return { id: yield* takeIncoming(tx, taking, { ...text, text: storable(text.text) }) };
    const since = taking.now - reassemblyMilliseconds(services);
    return yield* takePart(tx, { ...taking, since }, writePart({ text, concatenation, now: taking.now }));
  });
}

/** A transaction that takes texts; after it the log is told what became of them. */
export async function takeAll<T>(
  services: ReceiveServices,
  body: (tx: Transaction, taking: Taking) => Steps<T>,
): Promise<T> {
  const taking = await beginTaking(services);
  const result = await services.store.transact((tx) => body(tx, taking));
  tellOfTaken(services, taking);
  return result;
}

/** Before a transaction that takes texts beside what else it does. */
export async function beginTaking(services: ReceiveServices): Promise<Taking> {
  return { newId: services.newId, now: services.now(), placed: [], rules: await incomingRulesOf(services) };
}

/** After its commit. */
export function tellOfTaken(services: ReceiveServices, taking: Taking): void {
  for (const text of taking.placed) tellOfStrays(services, text);
}

/** What comes in is never kept out: where rules cannot be tried, it lies where it would lie without any. */
async function incomingRulesOf({ store, log }: ReceiveServices): Promise<EnabledRules> {
  try {
    return await rulesOf(store, 'incoming');
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    log?.error({ code: error.code, reason: error.detail }, 'an incoming text passes without rules');
    return undefined;
  }
}

/** How long a part waits for the next one. */
export function reassemblyMilliseconds({ store }: ReceiveServices): number {
  return store.settings.current.incoming.reassemblyMinutes * 60_000;
}

/** Throws MessageError BAD_PARAMETER. */
function readReceived({ newId }: ReceiveServices, received: ReceivedText): ReadyText {
  const { gateway, reference, recipient } = received;
  if (reference !== undefined && reference.length > limits.referenceCharacters)
    throw new MessageError('BAD_PARAMETER', 'reference');
  return {
    id: newId(),
    gateway,
    // An empty one is one that the gateway's template had no value for.
    reference: reference === undefined || reference === '' ? undefined : storable(reference),
    sender: readPeer(received.sender, 'sender'),
    recipient: recipient === undefined || recipient === '' ? undefined : readPeer(recipient, 'recipient'),
    // As it came: a part may end within a character.
    text: received.data === undefined ? received.text : '',
    properties: propertiesOf(received),
  };
}

function isEmpty({ text, properties }: ReadyText): boolean {
  return text === '' && (properties.data ?? '') === '';
}

/** Throws MessageError BAD_PARAMETER. */
function readPeer(written: string, field: 'sender' | 'recipient'): string {
  if (written.length > limits.peerCharacters) throw new MessageError('BAD_PARAMETER', field);
  return peerOf(written);
}

function propertiesOf({ data, udh, pid, dcs, sentAt, hops }: ReceivedText): IncomingProperties {
  return {
    ...(data !== undefined && { data: base64(data) }),
    ...(udh !== undefined && udh.length > 0 && { udh: base64(udh) }),
    ...(pid !== undefined && { pid }),
    ...(dcs !== undefined && { dcs }),
    ...(sentAt !== undefined && { sentAt }),
    ...(hops && { hops }),
  };
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}

function tellOfStrays({ log }: ReceiveServices, { id, gateway, placement }: PlacedText): void {
  const { users, strayAddresses, isMailed, isRuled } = placement;
  const about = { gateway, incoming: id };
  if (strayAddresses > 0) log?.warn({ ...about, strayAddresses }, 'a gateway delivers to addresses that no user has');
  if (users.length === 0 && !isMailed && !isRuled)
    log?.error(about, 'an incoming text waits: nobody is there to have it');
}
