// Exchange ActiveSync on Windows Mobile 5 and 6, which take it as a characteristic of their own in the same document.
// Microsoft Windows Mobile: Sync Configuration Service Provider. No other phone is known to take it.

import type { Profile } from '../profile.js';
import { characteristic, parm, provisioningDocument } from './characteristic.js';

const yesNo = ['0', '1'];

export const activesync: Profile = {
  name: 'activesync',
  format: 'oma',
  title: 'Exchange ActiveSync on Windows Mobile 5 and 6',
  aliases: ['eas'],
  parameters: [
    { name: 'server', title: 'host of the server', wire: 'Server', isRequired: true },
    { name: 'user', title: 'user name', wire: 'User' },
    { name: 'domain', title: 'domain of the user', wire: 'Domain' },
    { name: 'allowSslOption', title: '1: the owner may turn TLS off', wire: 'AllowSSLOption', values: yesNo },
    { name: 'peakStartTime', title: 'when the busy hours begin, such as 0800', wire: 'PeakStartTime' },
    { name: 'peakEndTime', title: 'when they end', wire: 'PeakEndTime' },
    { name: 'mail', title: 'whether mail is synchronized', wire: 'Mail', values: yesNo },
    { name: 'calendar', title: 'whether the calendar is', wire: 'Calendar', values: yesNo },
    { name: 'contacts', title: 'whether contacts are', wire: 'Contacts', values: yesNo },
  ],
  write: (values) =>
    provisioningDocument([
      characteristic('Sync', [
        characteristic('Connection', [
          parm('Server', values.text('server')),
          parm('User', values.text('user')),
          parm('Domain', values.text('domain')),
          parm('AllowSSLOption', values.text('allowSslOption')),
        ]),
        characteristic('Settings', [
          parm('PeakStartTime', values.text('peakStartTime')),
          parm('PeakEndTime', values.text('peakEndTime')),
        ]),
        characteristic('Mail', [parm('Enabled', values.text('mail') ?? '1')]),
        characteristic('Calendar', [parm('Enabled', values.text('calendar'))]),
        characteristic('Contacts', [parm('Enabled', values.text('contacts'))]),
      ]),
    ]),
};
