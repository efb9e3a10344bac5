// DevicePassword: a device offers the password that would unlock it. The policy asks no device for one, so none is kept.
// MS-ASCMD 2.2.3.46 DevicePassword

import { Settings } from '../../../wbxml/airsync/settings.js';
import { child, type Element, element, text } from '../../../wbxml/element.js';
import { SettingsStatus } from '../../statuses.js';

// MS-ASCMD 2.2.3.130 Password
const longestPassword = 255;

export function answerDevicePassword(part: Element): Element {
  return element(Settings.DevicePassword, [element(Settings.Status, String(statusOf(part)))]);
}

function statusOf(part: Element): number {
  const set = child(part, Settings.Set);
  const password = set && text(set, Settings.Password);
  if (password === undefined) return SettingsStatus.ProtocolError;
  return password.length > longestPassword ? SettingsStatus.InvalidArguments : SettingsStatus.DeniedByPolicy;
}
