// Settings: what the device is, and who its user is.
// MS-ASCMD 2.2.1.18 Settings

import { Settings } from '../../wbxml/airsync/settings.js';
import { child, children, type Element, element } from '../../wbxml/element.js';
import { applyDeviceInformation } from '../device-information.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { SettingsStatus } from '../statuses.js';
import { isSince } from '../versions.js';

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
      return withStatus(part, await applyDeviceInformation(exchange, part));
    case Settings.UserInformation:
      return answerUserInformation(exchange, part);
    case Settings.Oof:
    case Settings.DevicePassword:
    case Settings.RightsManagementInformation:
      // todo(MS-ASCMD 2.2.1.18 Settings): Oof, DevicePassword and RightsManagementInformation are answered "unavailable"
      return withStatus(part, SettingsStatus.Unavailable);
    default:
      throw new StatusError(SettingsStatus.ProtocolError, 'Settings that asks for what it has not');
  }
}

function withStatus(part: Element, status: number): Element {
  return element(part.tag, [element(Settings.Status, String(status))]);
}

// MS-ASCMD 2.2.3.194 UserInformation: in an Account from 14.1 on.
function answerUserInformation({ user, version }: Exchange, part: Element): Element {
  if (!child(part, Settings.Get)) return withStatus(part, SettingsStatus.ProtocolError);
  const addresses = element(
    Settings.EmailAddresses,
    [
      element(Settings.SMTPAddress, user.address),
      ...user.aliases.map((alias) => element(Settings.SMTPAddress, alias)),
      isSince(version, '14.1') ? element(Settings.PrimarySmtpAddress, user.address) : undefined,
    ].filter((each) => each !== undefined),
  );
  const account = element(Settings.Accounts, [
    element(Settings.Account, [element(Settings.UserDisplayName, user.displayName ?? user.address), addresses]),
  ]);
  return element(Settings.UserInformation, [
    element(Settings.Status, String(SettingsStatus.Success)),
    element(Settings.Get, [isSince(version, '14.1') ? account : addresses]),
  ]);
}
