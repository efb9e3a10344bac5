// Settings: what the device is, who its user is, and what of the rest this server has.
// MS-ASCMD 2.2.1.18 Settings

import { Settings } from '../../../wbxml/airsync/settings.js';
import { children, type Element, element } from '../../../wbxml/element.js';
import { applyDeviceInformation } from '../../device-information.js';
import { StatusError } from '../../errors.js';
import type { Exchange } from '../../exchange.js';
import { SettingsStatus } from '../../statuses.js';
import { answerDevicePassword } from './device-password.js';
import { answerOof } from './oof.js';
import { answerRightsManagement } from './rights-management.js';
import { answerUserInformation } from './user-information.js';

export async function settings(exchange: Exchange): Promise<Element> {
  const parts = exchange.body ? children(exchange.body) : [];
  if (parts.length === 0) throw new StatusError(SettingsStatus.ProtocolError, 'Settings that asks for nothing');
  if (new Set(parts.map((part) => part.tag)).size !== parts.length)
    throw new StatusError(SettingsStatus.ProtocolError, 'Settings that asks for one thing twice');
  const answers: Element[] = [];
  for (const part of parts) answers.push(await answerPart(exchange, part));
  return element(Settings.Settings, [element(Settings.Status, String(SettingsStatus.Success)), ...answers]);
}

async function answerPart(exchange: Exchange, part: Element): Promise<Element> {
  switch (part.tag) {
    case Settings.DeviceInformation:
      return answerDeviceInformation(exchange, part);
    case Settings.UserInformation:
      return answerUserInformation(exchange, part);
    case Settings.Oof:
      return answerOof(part);
    case Settings.DevicePassword:
      return answerDevicePassword(part);
    case Settings.RightsManagementInformation:
      return answerRightsManagement(exchange, part);
    default:
      throw new StatusError(SettingsStatus.ProtocolError, 'Settings that asks for what it has not');
  }
}

async function answerDeviceInformation(exchange: Exchange, part: Element): Promise<Element> {
  const status = await applyDeviceInformation(exchange, part);
  return element(part.tag, [element(Settings.Status, String(status))]);
}
