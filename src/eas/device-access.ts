// The device of a request: known or made at first contact, and whether it may go on.

import { ensureDevice, getDevice, getDevicesOf } from '../store/devices.js';
import { getDomain } from '../store/domains.js';
import type { Device, User } from '../store/tables.js';
import type { Store } from '../store/open.js';
import type { Command } from './command-table.js';
import { StatusError } from './errors.js';
import type { KnownDevices } from './known-devices.js';
import { limits } from './limits.js';
import type { RequestLine } from './request-line.js';
import { CommonStatus } from './statuses.js';

export interface Contact {
  user: User;
  line: RequestLine;
  userAgent: string | undefined;
  now: number;
}

/** The row of the device that speaks. Throws StatusError 177 where the user has too many devices. */
export async function findDevice(store: Store, known: KnownDevices, contact: Contact): Promise<Device> {
  const { user, line, userAgent, now } = contact;
  const { deviceId, deviceType, version } = line;
  const remembered = known.get(user.id, deviceId);
  if (remembered) return remembered;
  const kept = await known.load(() => store.read((session) => getDevice(session, user.id, deviceId)));
  if (kept) return kept;
  return store.transact(function* (tx) {
    if ((yield* getDevicesOf(tx, user.id)).length >= limits.devicesPerUser)
      throw new StatusError(CommonStatus.MaximumDevicesReached, 'the user has too many devices');
    const domain = yield* getDomain(tx, user.domain);
    const state = domain?.deviceDefaultState ?? store.settings.current.device.defaultState;
    const device = { userId: user.id, deviceId, type: deviceType, protocolVersion: version, state };
    return yield* ensureDevice(tx, { ...device, userAgent: userAgent?.slice(0, 256) ?? null, now });
  });
}

/** Throws StatusError where the device is blocked, or has to do Provision first. */
export function checkDevice(store: Store, device: Device, { command, line }: { command: Command; line: RequestLine }) {
  // todo(MS-ASCMD 2.2.2 Common Status Codes): a quarantined device is refused like a blocked one; its notice is missing
  if (device.state !== 'allowed')
    throw new StatusError(CommonStatus.DeviceIsBlockedForThisUser, `the device is ${device.state}`);
  if (!command.needsPolicyKey || store.settings.current.device.provisioning === 'optional') return;
  if (line.policyKey !== 0 && line.policyKey === device.policyKey) return;
  // MS-ASPROV 3.1.5.2 Provision Command Errors
  if (line.policyKey === 0 || device.policyKey === null)
    throw new StatusError(CommonStatus.DeviceNotProvisioned, 'the device has to do Provision');
  throw new StatusError(CommonStatus.InvalidPolicyKey, 'the policy key is not the one that was issued');
}
