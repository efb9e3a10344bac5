// RightsManagementInformation: the templates that mail can be protected with. There are none: rights management is off.
// MS-ASCMD 2.2.3.156 RightsManagementInformation, 2.2.2 Common Status Codes

import { RightsManagement } from '../../../wbxml/airsync/rights-management.js';
import { Settings } from '../../../wbxml/airsync/settings.js';
import { child, type Element, element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { CommonStatus, SettingsStatus } from '../../statuses.js';
import { isSince } from '../../versions.js';

export function answerRightsManagement({ version }: Exchange, part: Element): Element {
  const isAsked = isSince(version, '14.1') && child(part, Settings.Get) !== undefined;
  const status = isAsked ? CommonStatus.IrmFeatureDisabled : SettingsStatus.ProtocolError;
  return element(Settings.RightsManagementInformation, [
    element(Settings.Status, String(status)),
    // Required whatever the Status is.
    element(Settings.Get, [element(RightsManagement.RightsManagementTemplates)]),
  ]);
}
