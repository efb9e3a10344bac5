// What an administrator does with a device: let it in, keep it out, forget it.

import { changeDevice, getDevice } from '../store/devices.js';
import { removeDevice } from '../store/device-list.js';
import type { Store } from '../store/open.js';
import type { Session } from '../store/session.js';
import type { DeviceState } from '../store/states.js';
import type { Device, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import { AccountError } from './errors.js';

export interface DeviceName {
  address: string;
  deviceId: string;
}

export interface OwnedDevice {
  user: User;
  device: Device;
}

/** Throws AccountError NO_SUCH_USER, NO_SUCH_DEVICE. */
export async function findDevice(store: Store, name: DeviceName): Promise<OwnedDevice> {
  return store.read((session) => requireDevice(session, name));
}

/** Its next command and a command it holds open meet the new state. Throws as `findDevice`. */
export async function setDeviceState(store: Store, name: DeviceName, state: DeviceState): Promise<OwnedDevice> {
  return store.transact(function* (tx) {
    const { user, device } = yield* requireDevice(tx, name);
    yield* changeDevice(tx, device.id, { state });
    tx.announce({ topic: 'access', userId: user.id });
    return { user, device: { ...device, state } };
  });
}

/** The next time it comes it is a new device. Throws as `findDevice`. */
export async function deleteDevice(store: Store, name: DeviceName): Promise<void> {
  await store.transact(function* (tx) {
    const { user, device } = yield* requireDevice(tx, name);
    yield* removeDevice(tx, device.id);
    tx.announce({ topic: 'access', userId: user.id });
  });
}

function* requireDevice(tx: Session, { address, deviceId }: DeviceName): Steps<OwnedDevice> {
  const user = yield* getUser(tx, address.toLowerCase());
  if (!user) throw new AccountError('NO_SUCH_USER');
  const device = yield* getDevice(tx, user.id, deviceId);
  if (!device) throw new AccountError('NO_SUCH_DEVICE');
  return { user, device };
}
