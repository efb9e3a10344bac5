// What a phone settles with the server before it synchronizes: its policy, who it is, and which folders there are.

import { newCollection } from './collection.js';
import { PhoneError } from './errors.js';
import type { Listener, Wipe } from './events.js';
import { FolderType, syncFolders } from './folder-sync.js';
import type { Folder, Hierarchy } from './folder-sync.js';
import type { Mailbox } from './mailbox.js';
import type { Settled } from './options.js';
import type { Due } from './patience.js';
import { provision, reportWipe } from './provision.js';
import type { Line } from './request.js';
import { announce } from './settings.js';

export interface Household {
  readonly device: Settled;
  readonly due: Due;
  readonly hierarchy: Hierarchy;
  readonly mailbox: Mailbox;
  readonly tell: Listener;
  outbound: boolean;
  /** The types of the folders in which it synchronizes texts as such. */
  textFolders: readonly number[];
  /** It was told to wipe itself, did, and has still to say so. */
  wipe: Wipe | undefined;
  /** Switches the phone off. */
  readonly end: () => void;
}

/** Does what is due. What fails stays due. @throws PhoneError, STOPPED where the phone was wiped */
export async function runErrands(line: Line, household: Household): Promise<void> {
  const { due } = household;
  if (due.provision) await provisionPhone(line, household);
  if (due.settings) await announcePhone(line, household);
  if (due.folders) await readFolders(line, household);
}

async function provisionPhone(line: Line, household: Household): Promise<void> {
  if (household.wipe !== undefined) return wipePhone(line, household, household.wipe);
  const directive = await provision(line, household.device);
  if ('wipe' in directive) return wipePhone(line, household, directive.wipe);
  household.due.provision = false;
  household.tell({ event: 'provisioned', policyKey: directive.policyKey });
}

// Everything goes first. Then nothing but the report is repeated: a server that has it already takes it again, and knows
// the phone for nothing else.
async function wipePhone(line: Line, household: Household, wipe: Wipe): Promise<never> {
  household.wipe = wipe;
  const { hierarchy, mailbox } = household;
  hierarchy.folders.clear();
  mailbox.collections.clear();
  mailbox.unanswered = undefined;
  await reportWipe(line, wipe);
  household.tell({ event: 'wiped', what: wipe });
  household.end();
  throw new PhoneError('STOPPED');
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
