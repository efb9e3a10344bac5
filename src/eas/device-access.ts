// The device of a request: known or made at first contact, and whether it may go on.

import { judgeAgain, judgeNewDevice, type Judging } from '../accounts/device-state.js';
import { canBeWiped, isWipePending } from '../accounts/devices.js';
import { announceStateChange } from '../message/notice.js';
import {
  changeDevice,
  type DeviceChange,
  ensureDevice,
  getDevice,
  getDeviceRow,
  getDevicesOf,
} from '../store/devices.js';
import type { Store } from '../store/open.js';
import type { Transaction } from '../store/session.js';
import type { Device, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import type { Command } from './command-table.js';
import type { DevicePolicies, DevicePolicy } from './device-policies.js';
import { StatusError } from './errors.js';
import type { EasServices } from './exchange.js';
import type { KnownDevices } from './known-devices.js';
import { limits } from './limits.js';
import type { RequestLine } from './request-line.js';
import { CommonStatus, PolicyReport } from './statuses.js';

export interface Contact {
  user: User;
  line: RequestLine;
  userAgent: string | undefined;
  now: number;
}

/** How devices are judged here: by the server's settings as they are now, and people are told by mail. */
export function judging({ store, now }: Pick<EasServices, 'store' | 'now'>): Judging {
  return { defaultState: store.settings.current.device.defaultState, tell: announceStateChange, now: now() };
}

/** The row of the device that speaks. Throws StatusError 177 where the user has too many devices. */
export async function findDevice(store: Store, known: KnownDevices, contact: Contact): Promise<Device> {
  const { user, line } = contact;
  const remembered = known.get(user.id, line.deviceId);
  if (remembered) return remembered;
  const kept = await known.load(() => store.read((session) => getDevice(session, user.id, line.deviceId)));
  return kept ?? store.transact((tx) => welcome(tx, store, contact));
}

function* welcome(tx: Transaction, store: Store, { user, line, userAgent, now }: Contact): Steps<Device> {
  const { deviceId, deviceType: type, version: protocolVersion } = line;
  const devices = yield* getDevicesOf(tx, user.id);
  // Of two first requests at once the second finds the row of the first.
  const kept = devices.find((each) => each.deviceId === deviceId);
  if (kept) return kept;
  if (devices.length >= limits.devicesPerUser)
    throw new StatusError(CommonStatus.MaximumDevicesReached, 'the user has too many devices');
  const told = { type, userAgent: readUserAgent(userAgent) ?? null };
  const { defaultState, tell } = judging({ store, now: () => now });
  const verdict = yield* judgeNewDevice(tx, { user, device: { ...told, model: null } }, defaultState);
  const device = yield* ensureDevice(tx, { userId: user.id, deviceId, protocolVersion, ...told, ...verdict, now });
  yield* tell(tx, { user, device, before: undefined, now });
  return device;
}

function readUserAgent(header: string | undefined): string | undefined {
  return header?.slice(0, limits.userAgentCharacters);
}

/** Keeps what the head of a request says of the device where that changed; rules may then judge it otherwise. */
export async function noteContact(services: EasServices, device: Device, contact: Contact): Promise<Device> {
  const change = contactChange(device, contact);
  if (!change) return device;
  return services.store.transact(function* (tx) {
    yield* changeDevice(tx, device.id, change);
    // Deleted in the meantime: this request still ends as it began.
    const row = (yield* getDeviceRow(tx, device.id)) ?? device;
    if (change.userAgent === undefined) return row;
    return yield* judgeAgain(tx, { user: contact.user, device: row }, judging(services));
  });
}

function contactChange({ protocolVersion, userAgent }: Device, contact: Contact): DeviceChange | undefined {
  const { version } = contact.line;
  const said = readUserAgent(contact.userAgent);
  const isOtherAgent = said !== undefined && said !== userAgent;
  if (version === protocolVersion && !isOtherAgent) return undefined;
  return { protocolVersion: version, ...(isOtherAgent && { userAgent: said }) };
}

export interface Entering {
  user: User;
  device: Device;
  command: Command;
  line: RequestLine;
  policies: DevicePolicies;
  now: number;
}

/** Throws StatusError where the device is to be wiped, may not sync, or has to do Provision first. */
export function checkDevice(store: Store, entering: Entering): void {
  const { user, device, command, line, policies, now } = entering;
  if (isWipePending(device)) return checkWipe(entering);
  checkState(entering);
  if (!command.needsPolicyKey || store.settings.current.device.provisioning === 'optional') return;
  checkPolicy(line, device, policies.of(user, device, now));
}

// MS-ASCMD 2.2.2 Common Status Codes, 140: every command leads to Provision, which says what is to be wiped.
function checkWipe({ device, line }: Entering): void {
  if (!canBeWiped(device, line.version))
    throw new StatusError(CommonStatus.DeviceIsBlockedForThisUser, 'the device cannot wipe its account alone');
  if (line.command === 'Provision') return;
  throw new StatusError(CommonStatus.RemoteWipeRequested, 'the device is to be wiped');
}

function checkState({ device, command, line }: Entering): void {
  if (device.state === 'quarantined' && !command.mayRunQuarantined)
    throw new StatusError(CommonStatus.DeviceIsBlockedForThisUser, 'the device is quarantined');
  // A device that has wiped itself may have lost our answer, and say again that it did.
  if (line.command === 'Provision' && device.wipedAt !== null) return;
  refuseBlocked(device);
}

/** Throws StatusError 129. */
export function refuseBlocked(device: Device): void {
  if (device.state === 'blocked')
    throw new StatusError(CommonStatus.DeviceIsBlockedForThisUser, 'the device is blocked');
}

// MS-ASPROV 3.1.5.2 Provision Command Errors, MS-ASCMD 2.2.2 Common Status Codes
function checkPolicy(line: RequestLine, device: Device, { values, digest }: DevicePolicy): void {
  if (device.policyKey === null || line.policyKey === 0) return checkUnprovisioned(line, device, values);
  if (line.policyKey !== device.policyKey)
    throw new StatusError(CommonStatus.InvalidPolicyKey, 'the policy key is not the one that was issued');
  if (device.policyDigest !== digest)
    throw new StatusError(CommonStatus.PolicyRefresh, 'the policy has changed since the device fetched it');
  const objection = findObjection(device.policyStatus, values);
  if (objection) throw objection;
}

// A device that sends not even a key of 0 may never have heard of policies: it is let in where that is allowed. Else it
// is asked, because many send no key before they are; 141 is for one that was asked and applied nothing.
function checkUnprovisioned({ hasPolicyKey }: RequestLine, device: Device, values: DevicePolicy['values']): void {
  if (!hasPolicyKey && device.policyKey === null) {
    if (values.allowNonProvisionableDevices) return;
    if (device.policyStatus === PolicyReport.NotApplied)
      throw new StatusError(CommonStatus.LegacyDeviceOnStrictPolicy, 'the device applies no policies');
  }
  throw new StatusError(CommonStatus.DeviceNotProvisioned, 'the device has to do Provision');
}

/** Why a device that says this of the policy may not sync. MS-ASPROV 2.2.2.54.1 Status (Policy) */
export function findObjection(report: number | null, values: DevicePolicy['values']): StatusError | undefined {
  const { DeviceNotFullyProvisionable, ExternallyManagedDevicesNotAllowed } = CommonStatus;
  if (report === PolicyReport.Partial && !values.allowPartialCompliance)
    return new StatusError(DeviceNotFullyProvisionable, 'the device applies the policy in part');
  if (report === PolicyReport.NotApplied && !values.allowNonProvisionableDevices)
    return new StatusError(DeviceNotFullyProvisionable, 'the device does not apply the policy');
  if (report === PolicyReport.ExternallyManaged && !values.allowExternallyManaged)
    return new StatusError(ExternallyManagedDevicesNotAllowed, 'somebody else manages the device');
  return undefined;
}
