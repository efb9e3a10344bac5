// What a phone settles with the server before it synchronizes: its policy, who it is, and which folders there are.

import { newCollection } from './collection.js';
import type { Listener } from './events.js';
import { FolderType, syncFolders } from './folder-sync.js';
import type { Folder, Hierarchy } from './folder-sync.js';
import type { Mailbox } from './mailbox.js';
import type { Settled } from './options.js';
import type { Due } from './patience.js';
import { provision } from './provision.js';
import type { Line } from './request.js';
import { announce } from './settings.js';

export interface Household {
  readonly device: Settled;
  readonly due: Due;
  readonly hierarchy: Hierarchy;
  readonly mailbox: Mailbox;
  readonly tell: Listener;
  outbound: boolean;
}

/** Does what is due. What fails stays due. @throws PhoneError */
export async function runErrands(line: Line, household: Household): Promise<void> {
  const { due } = household;
  if (due.provision) await provisionPhone(line, household);
  if (due.settings) await announcePhone(line, household);
  if (due.folders) await readFolders(line, household);
}

async function provisionPhone(line: Line, { device, due, tell }: Household): Promise<void> {
  const policyKey = await provision(line, device);
  due.provision = false;
  tell({ event: 'provisioned', policyKey });
}

async function announcePhone(line: Line, household: Household): Promise<void> {
  const { outbound } = household;
  await announce(line, household.device, { outbound });
  // It may have been switched while the answer was on its way.
  household.due.settings = household.outbound !== outbound;
  household.tell({ event: 'settings', outbound });
}

async function readFolders(line: Line, { hierarchy, mailbox, due, tell }: Household): Promise<void> {
  await syncFolders(line, hierarchy);
  due.folders = false;
  const folders = [...hierarchy.folders.values()];
  keepCollections(mailbox, folders.filter(isSynchronized));
  tell({ event: 'folders', folders: folders.map(({ id, type, name }) => ({ id, type, name })) });
}

function isSynchronized({ type }: Folder): boolean {
  return (Object.values(FolderType) as number[]).includes(type);
}

function keepCollections({ collections }: Mailbox, folders: readonly Folder[]): void {
  for (const id of collections.keys()) if (!folders.some((folder) => folder.id === id)) collections.delete(id);
  for (const folder of folders) if (!collections.has(folder.id)) collections.set(folder.id, newCollection(folder));
}
