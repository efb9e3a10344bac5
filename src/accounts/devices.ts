// What an administrator does with a device: let it in, keep it out, have it wiped, forget it.

import { changeDevice, type DeviceChange, getDevice, type OwnedDevice } from '../store/devices.js';
import { removeDevice } from '../store/device-list.js';
import type { Store } from '../store/open.js';
import { removePolicy } from '../store/policies.js';
import type { Session, Transaction } from '../store/session.js';
import type { DeviceState, DeviceWipe } from '../store/states.js';
import type { Device } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import { decide, judgeNewDevice, type Judging, type Verdict } from './device-state.js';
import { AccountError } from './errors.js';
import { scopeOfDevice } from './policy-scope.js';

export interface DeviceName {
  address: string;
  deviceId: string;
}

/** Throws AccountError NO_SUCH_USER, NO_SUCH_DEVICE. */
export async function findDevice(store: Store, name: DeviceName): Promise<OwnedDevice> {
  return store.read((session) => requireDevice(session, name));
}

export interface DevicePatch {
  /** `null` gives the decision back to rules and defaults. */
  state?: DeviceState | null | undefined;
  wipe?: DeviceWipe | undefined;
}

/** Its next command meets what was changed, and a command it holds open ends. Throws as `findDevice`. */
export async function patchDevice(
  store: Store,
  name: DeviceName,
  { state, wipe, ...judging }: DevicePatch & Judging,
): Promise<OwnedDevice> {
  return store.transact(function* (tx) {
    const { user, device: known } = yield* requireDevice(tx, name);
    const wiping = wipe === undefined ? known : yield* orderWipe(tx, { user, device: known }, { wipe, ...judging });
    if (state === undefined) return { user, device: wiping };
    const decided = yield* decideOn(tx, { user, device: wiping }, { state, ...judging });
    return { user, device: decided };
  });
}

function* decideOn(
  tx: Transaction,
  owned: OwnedDevice,
  { state, ...judging }: { state: DeviceState | null } & Judging,
): Steps<Device> {
  const verdict: Verdict =
    state === null ? yield* judgeNewDevice(tx, owned, judging.defaultState) : { state, stateSource: 'administrator' };
  return yield* decide(tx, owned, { ...judging, verdict });
}

/** Whether the device is to be wiped and has not yet said that it was. */
export function isWipePending({ wipe, wipedAt }: Pick<Device, 'wipe' | 'wipedAt'>): boolean {
  return wipe !== 'none' && wipedAt === null;
}

/**
 * Whether a device of this protocol version understands the order. One that cannot wipe its account alone is told nothing:
 * it must not wipe itself whole. MS-ASPROV 2.2.2.1 AccountOnlyRemoteWipe
 */
export function canBeWiped({ wipe }: Pick<Device, 'wipe'>, protocolVersion: string): boolean {
  // Versions compare as texts: they all have the form `nn.n`.
  return wipe !== 'account' || protocolVersion >= '16.1';
}

// Asking again for what is asked already changes nothing; an order that was carried out may be given anew.
function* orderWipe(
  tx: Transaction,
  { user, device }: OwnedDevice,
  { wipe, now }: { wipe: DeviceWipe; now: number },
): Steps<Device> {
  const isAsked = wipe === device.wipe && (wipe === 'none' || isWipePending(device));
  if (isAsked) return device;
  const change = wipe === 'none' ? cancelledWipe(device) : orderedWipe(wipe, now);
  yield* changeDevice(tx, device.id, change);
  tx.announce({ topic: 'access', userId: user.id, deviceRow: device.id });
  return { ...device, ...change };
}

function orderedWipe(wipe: DeviceWipe, now: number) {
  return { wipe, wipeRequestedAt: now, wipeSentAt: null, wipedAt: null } satisfies DeviceChange;
}

// What the device was told stays on record: it may wipe itself all the same.
function cancelledWipe({ wipeSentAt, wipeRequestedAt }: Device) {
  return { wipe: 'none', wipeRequestedAt: wipeSentAt === null ? null : wipeRequestedAt } satisfies DeviceChange;
}

/** The next time it comes it is a new device. Throws as `findDevice`. */
export async function deleteDevice(store: Store, name: DeviceName): Promise<void> {
  await store.transact(function* (tx) {
    const { user, device } = yield* requireDevice(tx, name);
    yield* removeDevice(tx, device.id);
    yield* removePolicy(tx, scopeOfDevice(user, device));
    tx.announce({ topic: 'access', userId: user.id, deviceRow: device.id });
  });
}

export function* requireDevice(tx: Session, { address, deviceId }: DeviceName): Steps<OwnedDevice> {
  const user = yield* getUser(tx, address.toLowerCase());
  if (!user) throw new AccountError('NO_SUCH_USER');
  const device = yield* getDevice(tx, user.id, deviceId);
  if (!device) throw new AccountError('NO_SUCH_DEVICE');
  return { user, device };
}
