// What a device says about itself, in Settings or in Provision.
// MS-ASCMD 2.2.3.45 DeviceInformation, MS-ASMS 2.2.2.2.2 EnableOutboundSMS

import { judgeAgain } from '../accounts/device-state.js';
import { changeDevice, type DeviceChange } from '../store/devices.js';
import { Settings } from '../wbxml/airsync/settings.js';
import { child, children, type Element, textOf } from '../wbxml/element.js';
import { judging } from './device-access.js';
import type { Exchange } from './exchange.js';
import { limits } from './limits.js';
import { SettingsStatus } from './statuses.js';
import { hasTexts, type ProtocolVersion } from './versions.js';

const fields: Readonly<Record<number, keyof DeviceChange>> = {
  [Settings.Model]: 'model',
  [Settings.IMEI]: 'imei',
  [Settings.FriendlyName]: 'friendlyName',
  [Settings.OS]: 'os',
  [Settings.OSLanguage]: 'osLanguage',
  [Settings.PhoneNumber]: 'phoneNumber',
  [Settings.UserAgent]: 'userAgent',
  [Settings.MobileOperator]: 'mobileOperator',
};

/** Keeps what is said; what is left out stays as it was. Gives the Status of DeviceInformation. */
export async function applyDeviceInformation(exchange: Exchange, information: Element): Promise<number> {
  const set = child(information, Settings.Set);
  if (!set) return SettingsStatus.ProtocolError;
  const said = readSet(set, exchange.version);
  if (!said) return SettingsStatus.InvalidArguments;
  const { services, device, user, userAgent } = exchange;
  // What it says with every request counts, or the two would take turns.
  const change = userAgent === undefined ? said : withoutUserAgent(said);
  await services.store.transact(function* (tx) {
    yield* changeDevice(tx, device.id, change);
    yield* judgeAgain(tx, { user, device: { ...device, ...change } }, judging(services));
    // The election runs when a device withdraws; when it offers itself, its next Outbox round is the trigger.
    if (change.enableOutboundSms === false) tx.announce({ topic: 'device', userId: user.id });
  });
  return SettingsStatus.Success;
}

function withoutUserAgent({ userAgent: _, ...change }: DeviceChange): DeviceChange {
  return change;
}

function readSet(set: Element, version: ProtocolVersion): DeviceChange | undefined {
  const change: Record<string, unknown> = {};
  for (const each of children(set)) {
    const value = textOf(each);
    if (value === undefined || value.length > limits.deviceInformationCharacters) return undefined;
    const field = fields[each.tag];
    if (field) change[field] = value;
    if (each.tag !== Settings.EnableOutboundSMS) continue;
    if (value !== '0' && value !== '1') return undefined;
    // Without class SMS it would be a gateway that gets nothing to send.
    if (hasTexts(version)) change['enableOutboundSms'] = value === '1';
  }
  return change;
}
