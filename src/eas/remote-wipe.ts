// Remote wipe: the device is told in Provision, does it, and says so.
// MS-ASPROV 3.2.5.1.2.2 Responding to a Remote Wipe Directive Acknowledgment

import { isWipePending } from '../accounts/devices.js';
import { announceWiped, announceWipeFailed } from '../message/notice.js';
import { changeDevice, forgetGiven, getDeviceRow } from '../store/devices.js';
import type { Store } from '../store/open.js';
import type { Transaction } from '../store/session.js';
import type { Device } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { Provision } from '../wbxml/airsync/provision.js';
import { child, type Element, element, text } from '../wbxml/element.js';
import { StatusError } from './errors.js';
import type { Exchange } from './exchange.js';
import { ProvisionStatus, WipeStatus } from './statuses.js';

/** The directive for this device, none where nothing is to be wiped. It counts as sent before it is. */
export async function sendWipe({ services, device, now }: Exchange): Promise<Element | undefined> {
  if (!isWipePending(device)) return undefined;
  if (device.wipeSentAt === null)
    await services.store.transact((tx) => changeDevice(tx, device.id, { wipeSentAt: now }));
  return writeWipe(device);
}

function writeWipe({ wipe }: Pick<Device, 'wipe'>): Element {
  // MS-ASPROV 2.2.2.1 AccountOnlyRemoteWipe, MS-ASPROV 2.2.2.45 RemoteWipe
  return element(wipe === 'account' ? Provision.AccountOnlyRemoteWipe : Provision.RemoteWipe);
}

/** What the device says of its wipe; `undefined` where it says nothing. */
export function findWipeReport(body: Element): Element | undefined {
  return child(body, Provision.RemoteWipe) ?? child(body, Provision.AccountOnlyRemoteWipe);
}

/** The children of the answer. Throws StatusError where nothing was to be wiped, or the report says nothing. */
export async function answerWipeReport(exchange: Exchange, report: Element): Promise<Element[]> {
  const { services, device, memory } = exchange;
  // It may report an order that was given anew since it was told.
  if (device.wipeSentAt === null && !isWipePending(device))
    throw new StatusError(ProvisionStatus.ProtocolError, 'a device that was not told to wipe itself says that it did');
  switch (text(report, Provision.Status)) {
    case WipeStatus.Success:
      memory.forget(device.id);
      await services.store.transact((tx) => noteWiped(tx, exchange));
      return [element(Provision.Status, String(ProvisionStatus.Success))];
    case WipeStatus.Failed:
      await noteFailure(exchange);
      return [
        element(Provision.Status, String(ProvisionStatus.ProtocolError)),
        ...(isWipePending(device) ? [writeWipe(device)] : []),
      ];
    case undefined:
    default:
      throw new StatusError(ProvisionStatus.ProtocolError, 'a report of a wipe without its Status');
  }
}

// The device does not wait for the answer, so it may repeat a report whose answer was lost: nothing more comes of it.
function* noteWiped(tx: Transaction, { user, device: known, now }: Exchange): Steps<void> {
  const device = yield* getDeviceRow(tx, known.id);
  if (!device || device.wipedAt !== null) return;
  const isStillAsked = device.wipe !== 'none';
  yield* forgetGiven(tx, device);
  yield* changeDevice(tx, device.id, {
    wipedAt: now,
    enableOutboundSms: false,
    ...(isStillAsked && { state: 'blocked', stateSource: 'administrator' }),
  });
  tx.announce({ topic: 'access', userId: user.id, deviceRow: device.id });
  yield* announceWiped(tx, { user, device, now });
}

// A device that cannot wipe itself is told again at each of its commands; people are told once for each order.
const toldFailures = new WeakMap<Store, Map<number, number | null>>();
// Stops: memory that grows with every device that fails.
const failuresRemembered = 1_000;

async function noteFailure({ services: { store }, user, device, now }: Exchange): Promise<void> {
  const told = toldFailures.get(store) ?? new Map<number, number | null>();
  toldFailures.set(store, told);
  if (told.has(device.id) && told.get(device.id) === device.wipeRequestedAt) return;
  await store.transact((tx) => announceWipeFailed(tx, { user, device, now }));
  if (told.size >= failuresRemembered) told.clear();
  told.set(device.id, device.wipeRequestedAt);
}
