// Push messages as they reach a phone over the air, or lie in its Inbox as octets: joined from their parts, read and checked.

import { PushError } from '../push/errors.js';
import { proofOf, type PushSecrets, readPush, type ReadPush } from '../push/read-push.js';
import { concatenationOf, portsOf, readUserDataHeader } from '../sms/user-data-header.js';
import type { PushEvent, PushRefusedEvent } from './events.js';
import { limits } from './limits.js';

export interface AirMessage {
  readonly from: string;
  /** Without its length octet. */
  readonly udh: Uint8Array;
  readonly data: Uint8Array;
}

interface Waiting {
  readonly parts: (Uint8Array | undefined)[];
}

export class PushReceiver {
  readonly #secrets: PushSecrets;
  readonly #waiting = new Map<string, Waiting>();

  constructor(secrets: PushSecrets) {
    this.#secrets = secrets;
  }

  /** What came of it; nothing while other parts are missing. */
  take({ from, udh, data }: AirMessage): PushEvent | PushRefusedEvent | undefined {
    const elements = readUserDataHeader(udh) ?? [];
    const place = concatenationOf(elements);
    const whole = place === undefined || place.total === 1 ? data : this.#join(from, place, data);
    return whole && this.#tell(from, whole, portsOf(elements)?.destination);
  }

  /** Octets as an item of the mailbox shows them, where it shows all of them. */
  takeShown(from: string, text: string): PushEvent | PushRefusedEvent | undefined {
    const [, count, digits] = /^\[binary message of (\d+) octets\] ((?:[0-9A-F]{2})+)$/.exec(text) ?? [];
    if (digits === undefined || digits.length !== 2 * Number(count)) return undefined;
    return this.#tell(from, Buffer.from(digits, 'hex'), undefined);
  }

  #join(
    from: string,
    place: { reference: number; total: number; part: number },
    data: Uint8Array,
  ): Uint8Array | undefined {
    const key = `${from} ${place.reference} ${place.total}`;
    const waiting = this.#waiting.get(key) ?? { parts: Array.from({ length: place.total }, () => undefined) };
    waiting.parts[place.part - 1] = data;
    this.#waiting.delete(key);
    const { parts } = waiting;
    if (parts.every((part) => part !== undefined)) return Buffer.concat(parts);
    this.#waiting.set(key, waiting);
    // The oldest beginning goes.
    if (this.#waiting.size > limits.waitingPushes) this.#waiting.delete(this.#waiting.keys().next().value!);
    return undefined;
  }

  #tell(from: string, pdu: Uint8Array, port: number | undefined): PushEvent | PushRefusedEvent {
    const about = { from, ...(port !== undefined && { port }) };
    try {
      const push = readPush(pdu);
      return { event: 'push', ...about, ...told(push), proof: proofOf(push, this.#secrets) };
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
      return { event: 'push-refused', ...about, code: error.code, message: error.message };
    }
  }
}

function told(push: ReadPush): Pick<PushEvent, 'kind' | 'notification' | 'alert' | 'document'> {
  const { kind } = push;
  if (push.kind === 'notification') return { kind, notification: push.notification };
  return push.kind === 'server-alert' ? { kind, alert: push.alert } : { kind, document: push.document };
}
