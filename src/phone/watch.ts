// The quiet life of a phone: it sleeps in Ping and synchronizes when something wakes it.
// MS-ASCMD 2.2.1.13 Ping

import type { Household } from './errands.js';
import { FolderType } from './folder-sync.js';
import { backOffMs, persist, rest } from './patience.js';
import type { Patience } from './patience.js';
import { ping } from './ping.js';
import type { PingOutcome, PingTerms } from './ping.js';
import type { Line } from './request.js';
import { PingStatus } from './statuses.js';

export interface Watch {
  readonly line: Line;
  readonly patience: Patience;
  readonly household: Household;
  /** Synchronizes; resolves with the number of changes the server had. */
  readonly catchUp: () => Promise<number>;
}

// A Ping that ends early for nothing may happen; a row of them would empty the battery and burden the server.
const PATIENT_WAKES = 2;

/** Never returns. @throws PhoneError STOPPED, or what makes it useless to go on */
export async function watch({ line, patience, household, catchUp }: Watch): Promise<never> {
  const { heartbeatSeconds } = household.device;
  const terms: PingTerms = { heartbeatSeconds, maxFolders: Infinity, remembered: undefined };
  for (let wakesForNothing = 0; ;) {
    const startedAt = patience.clock.now();
    const outcome = await persist(patience, async () => {
      // A Ping may be refused as everything else, and what leads out of it is no part of it.
      if (household.due.provision) await catchUp();
      return ping(line, watchedFolders(household), terms);
    });
    household.tell({ event: 'ping', status: outcome.status, changed: namesOf(outcome, household) });
    const hasSlept = patience.clock.now() - startedAt >= (terms.heartbeatSeconds * 1000) / 2;
    const changes = await answer(outcome, household, catchUp);
    wakesForNothing = hasSlept || changes > 0 ? 0 : wakesForNothing + 1;
    if (wakesForNothing > PATIENT_WAKES) await rest(patience, backOffMs(wakesForNothing - PATIENT_WAKES - 1));
  }
}

async function answer({ status }: PingOutcome, { due }: Household, catchUp: () => Promise<number>): Promise<number> {
  if (status === PingStatus.FolderSyncNeeded) due.folders = true;
  const isCalled = status === PingStatus.Changes || status === PingStatus.FolderSyncNeeded;
  return isCalled ? catchUp() : 0;
}

// The Outbox first, since a server may let the phone watch only so many.
const importance: readonly number[] = [FolderType.Outbox, FolderType.Inbox, FolderType.SentItems];

function watchedFolders({ mailbox }: Household): string[] {
  const collections = [...mailbox.collections.values()];
  collections.sort((a, b) => importance.indexOf(a.type) - importance.indexOf(b.type));
  return collections.map(({ id }) => id);
}

function namesOf({ changed }: PingOutcome, { mailbox }: Household): string[] {
  return changed.map((id) => mailbox.collections.get(id)?.name ?? id);
}
