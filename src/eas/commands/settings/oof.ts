// Oof: notes that answer mail while somebody is away. This server writes none, so they are off and stay off.
// MS-ASCMD 2.2.3.122 Oof

import { Settings } from '../../../wbxml/airsync/settings.js';
import { child, type Element, element, text } from '../../../wbxml/element.js';
import { SettingsStatus } from '../../statuses.js';

// MS-ASCMD 2.2.3.124 OofState
const OofState = { Disabled: '0', Enabled: '1', Timed: '2' } as const;

export function answerOof(part: Element): Element {
  const get = child(part, Settings.Get);
  const set = child(part, Settings.Set);
  if (get && !set) return answerGet(get);
  if (set && !get) return writeOof(statusOfSet(set));
  return writeOof(SettingsStatus.ProtocolError);
}

function writeOof(status: number, get?: Element): Element {
  return element(Settings.Oof, [element(Settings.Status, String(status)), get]);
}

// MS-ASCMD 2.2.3.18 BodyType: a Get has to say in which form it wants the messages.
function answerGet(get: Element): Element {
  const bodyType = text(get, Settings.BodyType) ?? '';
  if (!/^(text|html)$/i.test(bodyType)) return writeOof(SettingsStatus.ProtocolError);
  const audiences = [Settings.AppliesToInternal, Settings.AppliesToExternalKnown, Settings.AppliesToExternalUnknown];
  return writeOof(
    SettingsStatus.Success,
    element(Settings.Get, [element(Settings.OofState, OofState.Disabled), ...audiences.map(writeNoMessage)]),
  );
}

function writeNoMessage(audience: number): Element {
  return element(Settings.OofMessage, [element(audience), element(Settings.Enabled, '0')]);
}

function statusOfSet(set: Element): number {
  switch (text(set, Settings.OofState)) {
    case OofState.Disabled:
      return SettingsStatus.Success;
    case OofState.Enabled:
      return SettingsStatus.AccessDenied;
    case OofState.Timed:
      return statusOfTimes(set);
    case undefined:
    default:
      return SettingsStatus.ProtocolError;
  }
}

function statusOfTimes(set: Element): number {
  const start = Date.parse(text(set, Settings.StartTime) ?? '');
  const end = Date.parse(text(set, Settings.EndTime) ?? '');
  if (Number.isNaN(start) || Number.isNaN(end)) return SettingsStatus.InvalidArguments;
  return end <= start ? SettingsStatus.ConflictingArguments : SettingsStatus.AccessDenied;
}
