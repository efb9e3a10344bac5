// Settings: says who the phone is and whether it sends texts written elsewhere.
// MS-ASCMD 2.2.1.18 Settings; MS-ASMS 3.1.4.3 Sending Outbound SMS Messages

import { child, element, text } from '../wbxml/element.js';
import { Settings } from '../wbxml/airsync/settings.js';
import { deviceInformation } from './device-information.js';
import type { Settled } from './options.js';
import { requestDocument } from './request.js';
import type { Line } from './request.js';
import { SettingsStatus, refusal, statusNumber } from './statuses.js';

/** @throws PhoneError */
export async function announce(line: Line, device: Settled, { outbound }: { outbound: boolean }): Promise<void> {
  const document = element(Settings.Settings, [deviceInformation(device, outbound)]);
  const answer = await requestDocument(line, { command: 'Settings', document, root: Settings.Settings });
  const status = statusNumber(text(answer, Settings.Status));
  if (status !== SettingsStatus.Success) throw refusal('Settings', status);

  const information = child(answer, Settings.DeviceInformation);
  const informationStatus = statusNumber(information && text(information, Settings.Status));
  if (informationStatus !== SettingsStatus.Success) throw refusal('Settings', informationStatus);
}
