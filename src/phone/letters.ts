// Mail on its way out: one after the other, each repeated word for word until the server has answered it.
// MS-ASCMD 2.2.3.28.2 ClientId (SendMail, SmartForward, SmartReply)

import { PhoneError } from './errors.js';
import type { Listener } from './events.js';
import { FolderType } from './folder-sync.js';
import type { Mailbox } from './mailbox.js';
import { addressesIn, writeMime } from './mime.js';
import type { Settled } from './options.js';
import type { Line } from './request.js';
import { sendLetter } from './send-mail.js';
import type { Letter } from './send-mail.js';
import { numbersOf } from './sms-item.js';

interface Waiting {
  readonly letter: Letter;
  readonly resolve: () => void;
  readonly reject: (error: PhoneError) => void;
}

export interface NewMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export class Letters {
  readonly #device: Settled;
  readonly #tell: Listener;
  #waiting: Waiting[] = [];

  constructor(device: Settled, tell: Listener) {
    this.#device = device;
    this.#tell = tell;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves when the server has it. @throws PhoneError REFUSED, BLOCKED, STOPPED */
  add(mail: NewMail, source?: Letter['source']): Promise<void> {
    const { user: from, clock, newClientId } = this.#device;
    const clientId = newClientId();
    const mime = writeMime({ ...mail, from, date: clock.now(), id: clientId });
    const letter: Letter = { command: source ? 'SmartReply' : 'SendMail', clientId, mime, source };
    return new Promise((resolve, reject) => this.#waiting.push({ letter, resolve, reject }));
  }

  /** @throws PhoneError; what was not answered then waits for the next call */
  async post(line: Line): Promise<void> {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const error = await sendLetter(line, first.letter, this.#device).then(() => undefined, finalRefusal);
      this.#waiting.shift();
      this.#settle(first, error);
    }
  }

  /** The phone has ended: nobody takes these letters any more. */
  giveUp(error: PhoneError): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting = [];
  }

  #settle({ letter: { command, clientId }, resolve, reject }: Waiting, error: PhoneError | undefined): void {
    if (error === undefined) {
      this.#tell({ event: 'mail-sent', command, clientId });
      return resolve();
    }
    const { status, httpStatus } = error.details;
    const said = { ...(status !== undefined && { status }), ...(httpStatus !== undefined && { httpStatus }) };
    this.#tell({ event: 'refused', command, clientId, ...said, message: error.message });
    reject(error);
  }
}

// A letter that is not taken is given up; all else says nothing of the letter. Blocked counts as not taken, because at 12.1
// it is one code with many a refusal of the mail itself.
function finalRefusal(error: unknown): PhoneError {
  if (error instanceof PhoneError && (error.code === 'REFUSED' || error.code === 'BLOCKED')) return error;
  throw error;
}

export interface Answered {
  readonly source: NonNullable<Letter['source']>;
  readonly mail: Omit<NewMail, 'text'>;
}

/** An answer to an item goes to where the item came from; what the phone's owner sent, to where it went. */
export function answerTo({ collections }: Mailbox, serverId: string): Answered | undefined {
  const collection = [...collections.values()].find(({ items }) => items.has(serverId));
  const item = collection?.items.get(serverId);
  if (collection === undefined || item === undefined) return undefined;
  const peers = collection.type === FolderType.SentItems ? item.to : item.from;
  const to = item.class === 'SMS' ? numbersOf(peers).split(',') : addressesIn(peers);
  const { subject = '' } = item;
  const mail = { to, subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`.trimEnd() };
  return { source: { collectionId: collection.id, itemId: serverId }, mail };
}
