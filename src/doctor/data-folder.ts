// The folder in which everything is kept: whether the database is whole, whether there is room, and who else may read it.

import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDatabase } from '../store/check.js';
import { knownMigrations } from '../store/open.js';
import { bad, counted, type Finding, sized, well } from './finding.js';

export interface DataFolder {
  dataDir: string;
  /** What was accepted and is in the log of statements alone. */
  waiting: { octets: number; milliseconds: number } | undefined;
  /** How long the database may be read. */
  timeoutMilliseconds?: number;
}

export async function examineDataFolder(folder: DataFolder): Promise<Finding[]> {
  const { dataDir } = folder;
  const files = await Promise.all([examineRoom(dataDir), examineLog(folder), examineWal(dataDir)]);
  return [...(await examineDatabase(folder)), ...files, ...(await examineRights(dataDir))];
}

const databaseFile = 'easms.db';
const readWithinMilliseconds = 60_000;

async function examineDatabase({ dataDir, timeoutMilliseconds = readWithinMilliseconds }: DataFolder) {
  const found = await checkDatabase(join(dataDir, databaseFile), timeoutMilliseconds);
  if (found === undefined)
    return [well('database', `was not read to its end within ${counted(timeoutMilliseconds)}: it is large`)];
  if (typeof found === 'string') return [bad('database', `cannot be read by another process (${found})`)];
  const { damage, octets, freeOctets, migrations } = found;
  const size = `${sized(octets)}${freeOctets > octets / 2 ? `, of which ${sized(freeOctets)} are empty` : ''}`;
  const whole =
    damage === undefined
      ? well('database', `is whole (${size})`)
      : bad('database', `is damaged: ${damage}. Keep a copy of it, and put a backup in its place`);
  return [whole, examineTables(migrations)];
}

function examineTables(migrations: number): Finding {
  const known = knownMigrations();
  if (migrations > known)
    return bad('tables', `are those of a newer version (${migrations} changes, ${known} are known here)`);
  return well('tables', `are those of this version (${migrations} changes)`);
}

/** Below it a busy day may fill the disk. */
const leastOctets = 256 * 2 ** 20;

async function examineRoom(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const says = `has ${sized(free)} left for ${dataDir}`;
  return free < leastOctets ? bad('disk', says) : well('disk', says);
}

/** A commit of the database is due four times a second. */
const lateMilliseconds = 30_000;

async function examineLog({ dataDir, waiting }: DataFolder): Promise<Finding> {
  const file = `${databaseFile}-redo`;
  const mayBeWritten = await access(join(dataDir, file), constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!mayBeWritten)
    return bad('log', `${file} is gone or may not be written: what is accepted now is lost by a crash`);
  const { octets = 0, milliseconds = 0 } = waiting ?? {};
  const says = octets === 0 ? 'holds nothing that is not in the database' : `is ${sized(octets)} before the database`;
  if (milliseconds < lateMilliseconds) return well('log', says);
  return bad('log', `${says}, which has taken nothing for ${counted(milliseconds)}: is the disk full?`);
}

/** Pages of the write-ahead log that nobody could put into the database. */
const longWalOctets = 512 * 2 ** 20;

async function examineWal(dataDir: string): Promise<Finding> {
  const octets = (await stat(join(dataDir, `${databaseFile}-wal`)).catch(() => undefined))?.size ?? 0;
  const says = `is ${sized(octets)}`;
  if (octets < longWalOctets) return well('write-ahead log', says);
  return bad('write-ahead log', `${says}: another program keeps the database open`);
}

// Whoever cannot enter the folder reads nothing in it, whatever its files say.
async function examineRights(dataDir: string): Promise<Finding[]> {
  if (process.platform === 'win32') return [];
  const isClosed = ((await stat(dataDir)).mode & 0o011) === 0;
  if (isClosed) return [well('files', 'are for the owner alone')];
  const names = await readdir(dataDir);
  const open: string[] = [];
  for (const name of names) {
    const found = await stat(join(dataDir, name)).catch(() => undefined);
    if (found?.isFile() && (found.mode & 0o077) !== 0) open.push(name);
  }
  if (open.length === 0) return [well('files', 'are for the owner alone')];
  return [bad('files', `others on this machine may read ${open.sort().slice(0, 5).join(', ')}: chmod 700 ${dataDir}`)];
}
