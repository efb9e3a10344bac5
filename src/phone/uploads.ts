// Texts that are born on the phone, received or written there, on their way into the mailbox.
// MS-ASMS 3.1.4.1.1 Synchronizing SMS Messages; MS-ASCMD 2.2.3.28.2 ClientId (Sync)

import { PhoneError } from './errors.js';
import type { Listener } from './events.js';
import { collectionOf } from './mailbox.js';
import type { Mailbox } from './mailbox.js';
import type { Draft } from './sms-item.js';
import { SyncStatus } from './statuses.js';

/** A text that the server has taken. */
export interface Uploaded {
  readonly clientId: string;
  readonly serverId: string;
}

interface Upload {
  readonly folderType: number;
  readonly clientId: string;
  readonly draft: Draft;
  readonly resolve: (uploaded: Uploaded) => void;
  readonly reject: (error: PhoneError) => void;
}

export class Uploads {
  readonly #tell: Listener;
  /** Waits for the folders to be known. */
  #unplaced: Upload[] = [];
  readonly #unsettled = new Set<Upload>();

  constructor(tell: Listener) {
    this.#tell = tell;
  }

  /** Resolves when the server has taken the text. @throws PhoneError REFUSED, STOPPED */
  add(text: Pick<Upload, 'folderType' | 'clientId' | 'draft'>): Promise<Uploaded> {
    return new Promise((resolve, reject) => {
      const upload = { ...text, resolve, reject };
      this.#unplaced.push(upload);
      this.#unsettled.add(upload);
    });
  }

  /** Hands every text to the collection it belongs to, for the next Sync. */
  place(mailbox: Mailbox): void {
    for (const upload of this.#unplaced) {
      const { folderType, clientId, draft } = upload;
      const settle = (answer: { status: number; serverId: string | undefined }) => this.#settle(upload, answer);
      const collection = collectionOf(mailbox, folderType);
      if (collection === undefined) settle({ status: SyncStatus.ObjectNotFound, serverId: undefined });
      else collection.waiting.push({ kind: 'add', clientId, draft, settle });
    }
    this.#unplaced = [];
  }

  /** The phone has ended: nobody takes these texts any more. */
  giveUp(error: PhoneError): void {
    for (const upload of this.#unsettled) upload.reject(error);
    this.#unsettled.clear();
  }

  #settle(upload: Upload, { status, serverId }: { status: number; serverId: string | undefined }): void {
    const { clientId } = upload;
    this.#unsettled.delete(upload);
    if (status === SyncStatus.Success && serverId !== undefined) {
      this.#tell({ event: 'uploaded', clientId, serverId });
      return upload.resolve({ clientId, serverId });
    }
    const error = new PhoneError('REFUSED', { command: 'Sync', status });
    this.#tell({ event: 'error', code: error.code, message: error.message });
    upload.reject(error);
  }
}
