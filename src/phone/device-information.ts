// What the phone says about itself, in Provision and in Settings.
// MS-ASCMD 2.2.3.45 DeviceInformation

import type { Element } from '../wbxml/element.js';
import { element } from '../wbxml/element.js';
import { Settings } from '../wbxml/airsync/settings.js';
import type { Settled } from './options.js';

/** With `outbound` also whether it sends texts for others; without, the server keeps what it knows. */
export function deviceInformation({ model, number, protocolVersion }: Settled, outbound?: boolean): Element {
  const isSaid = outbound !== undefined && protocolVersion !== '12.1';
  return element(Settings.DeviceInformation, [
    element(Settings.Set, [
      element(Settings.Model, model),
      element(Settings.FriendlyName, model),
      element(Settings.OS, 'easms'),
      element(Settings.OSLanguage, 'en'),
      number === undefined ? undefined : element(Settings.PhoneNumber, number),
      element(Settings.UserAgent, model),
      // MS-ASCMD 2.2.3.60 EnableOutboundSMS: came with 14.0.
      isSaid ? element(Settings.EnableOutboundSMS, outbound ? '1' : '0') : undefined,
    ]),
  ]);
}
