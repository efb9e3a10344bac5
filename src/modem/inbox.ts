// What lies in a modem: each message is given to whoever keeps it, and deleted when that is done and not before.
// TS 27.005 3.2 Configuration commands, 3.4 Message receiving and reading

import type { AtChannel } from './channel.js';
import { deleteMessage } from './commands/cmgd.js';
import { listMessages, type StoredMessage } from './commands/cmgl.js';
import { readMessage } from './commands/cmgr.js';
import { type MemoryUse, selectMemory } from './commands/cpms.js';
import { isRefusal } from './errors.js';
import { limits } from './limits.js';

/** A PDU that a modem brought. */
export interface ReceivedPdu {
  /** In hexadecimal, mostly with the service centre before the TPDU. */
  pdu: string;
  /** Of the TPDU, as the modem tells. */
  octets: number | undefined;
  /** Where it lies, such as `SM 3`; absent where it was given and not kept: it will not come again. */
  place: string | undefined;
}

/** Resolves when it is kept, or worth nothing. */
export type TakePdu = (received: ReceivedPdu) => Promise<void>;

export interface InboxSetup {
  channel: AtChannel;
  memories: readonly string[];
  reading: 'list' | 'index';
  take: TakePdu;
  warn: (about: object, sentence: string) => void;
}

// TS 27.005 3.1 <stat>
const draft = 2;
const sent = 3;
/** Where a modem does not say how many it has room for. */
const usualTotal = 30;

export class Inbox {
  readonly #setup: InboxSetup;
  #selected: string | undefined;
  #use: MemoryUse | undefined;
  #reading: 'list' | 'index';

  constructor(setup: InboxSetup) {
    this.#setup = setup;
    this.#reading = setup.reading;
  }

  /** What was told: `+CMTI: "SM",3`. The memory may be another one than we read. */
  async readOne(memory: string, index: number): Promise<void> {
    await this.#select(memory);
    const message = await readMessage(this.#setup.channel, index);
    if (message) await this.#take(memory, message);
  }

  /** All that waits, also what nobody told of. */
  async readAll(): Promise<void> {
    for (const memory of this.#setup.memories) {
      if (!(await this.#trySelect(memory))) continue;
      if (this.#use?.used !== 0) await this.#readMemory(memory);
    }
  }

  /** A list that did not come: from now on one is asked for after the other. */
  preferIndex(): void {
    this.#reading = 'index';
  }

  async #readMemory(memory: string): Promise<void> {
    const messages = this.#reading === 'list' ? await listMessages(this.#setup.channel) : await this.#readByIndex();
    for (const message of messages) await this.#take(memory, message);
    const isFull = this.#use !== undefined && this.#use.used >= this.#use.total;
    if (isFull) await this.#makeRoom(memory, messages);
  }

  async #readByIndex(): Promise<StoredMessage[]> {
    const { used, total } = this.#use ?? { used: usualTotal, total: usualTotal };
    const messages: StoredMessage[] = [];
    // Some count from 0, and some skip numbers.
    for (let index = 0; index <= Math.min(total, limits.storedMessages) && messages.length < used; index++) {
      const message = await readMessage(this.#setup.channel, index);
      if (message) messages.push(message);
    }
    return messages;
  }

  async #take(memory: string, message: StoredMessage): Promise<void> {
    const { index, status, pdu, octets } = message;
    if (status >= draft || pdu === undefined) return;
    await this.#setup.take({ pdu, octets, place: `${memory} ${index}` });
    await this.#delete(index);
  }

  // One that cannot be deleted is known by its place when it is read again.
  async #delete(index: number): Promise<void> {
    await deleteMessage(this.#setup.channel, index).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      this.#setup.warn({ err: error }, 'the modem does not delete a message');
    });
  }

  /** Copies of what was sent are nobody's; somebody's drafts are. */
  async #makeRoom(memory: string, messages: readonly StoredMessage[]): Promise<void> {
    const copies = messages.filter(({ status }) => status === sent);
    for (const { index } of copies) await this.#delete(index);
    const use = await selectMemory(this.#setup.channel, memory);
    if (use && use.used >= use.total)
      this.#setup.warn({ memory, messages: use.used }, 'the memory of the modem is full of what is not ours to delete');
  }

  async #trySelect(memory: string): Promise<boolean> {
    try {
      this.#selected = undefined;
      await this.#select(memory);
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  async #select(memory: string): Promise<void> {
    if (this.#selected === memory) return;
    this.#use = await selectMemory(this.#setup.channel, memory);
    this.#selected = memory;
  }
}
