// UserInformation: the addresses of the user; from 14.1 on as those of an Account, the only one.
// MS-ASCMD 2.2.3.194 UserInformation

import { readAlias } from '../../../accounts/names.js';
import type { User } from '../../../store/tables.js';
import { Settings } from '../../../wbxml/airsync/settings.js';
import { child, type Element, element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { SettingsStatus } from '../../statuses.js';
import { isSince } from '../../versions.js';

export function answerUserInformation({ user, version }: Exchange, part: Element): Element {
  if (!child(part, Settings.Get)) return writeUserInformation(SettingsStatus.ProtocolError);
  const content = isSince(version, '14.1') ? writeAccounts(user) : writeAddresses(user);
  return writeUserInformation(SettingsStatus.Success, element(Settings.Get, [content]));
}

function writeUserInformation(status: number, get?: Element): Element {
  return element(Settings.UserInformation, [element(Settings.Status, String(status)), get]);
}

// An Account without AccountId is the one that the device syncs with. MS-ASCMD 2.2.3.3.2 AccountId (Settings)
function writeAccounts(user: User): Element {
  const name = element(Settings.UserDisplayName, user.displayName ?? user.address);
  const addresses = writeAddresses(user, element(Settings.PrimarySmtpAddress, user.address));
  return element(Settings.Accounts, [element(Settings.Account, [name, addresses])]);
}

function writeAddresses(user: User, primary?: Element): Element {
  const addresses = new Set([user.address, ...user.aliases.flatMap((alias) => readAlias(alias, user.domain) ?? [])]);
  const written = [...addresses].map((address) => element(Settings.SMTPAddress, address));
  return element(Settings.EmailAddresses, [...written, primary]);
}
