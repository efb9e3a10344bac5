// Whether the device of a modem is there and may be opened, without opening it: it may be open already.

import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { listSerialDevices, readTcpAddress } from './device-name.js';
import type { Finding } from './examine.js';

/** None where nothing can be said without opening it: an address, or a name that is no file. */
export async function examinePort(device: string, listDevices = listSerialDevices): Promise<Finding[]> {
  if (readTcpAddress(device) !== undefined || !device.startsWith('/')) return [];
  const found = await stat(device).catch(() => undefined);
  if (found === undefined) return [missing(device, await listDevices())];
  if (!found.isCharacterDevice()) return [bad(`${device} is no serial device`)];
  const mayBeOpened = await access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (mayBeOpened) return [{ about: 'port', isWell: true, says: `${device} is there` }];
  return [bad(`${device} may not be opened by this user, who has to be in the group ${await groupName(found.gid)}`)];
}

/** The number where it has no name. */
async function groupName(id: number): Promise<string> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const fields = groups.split('\n').map((line) => line.split(':'));
  return fields.find(([, , number]) => number === String(id))?.[0] ?? String(id);
}

function bad(says: string): Finding {
  return { about: 'port', isWell: false, says };
}

function missing(device: string, others: readonly string[]): Finding {
  return bad(
    `${device} is not there: ${others.length === 0 ? 'no modem is plugged in' : `others are ${others.join(', ')}`}`,
  );
}
