// The kinds of settings that can be sent, by format and name.

import { PushError } from './errors.js';
import { otaBookmark, otaBrowser } from './ota/browser-settings.js';
import { otaSync } from './ota/sync-settings.js';
import type { Format, Profile } from './profile.js';
import { activesync } from './prov/activesync.js';
import { browser } from './prov/browser.js';
import { deviceManagement } from './prov/device-management.js';
import { email } from './prov/email.js';
import { sync } from './prov/sync.js';
import { indication } from './si/indication.js';

export const profiles: readonly Profile[] = [
  sync,
  deviceManagement,
  email,
  browser,
  activesync,
  otaBrowser,
  otaBookmark,
  otaSync,
  indication,
];

/** @throws PushError UNKNOWN_PROFILE */
export function profileOf(format: Format, name: string): Profile {
  const wanted = name.toLowerCase();
  const found = profiles.find(
    (each) => each.format === format && (each.name === wanted || each.aliases?.includes(wanted) === true),
  );
  if (!found) throw new PushError('UNKNOWN_PROFILE', { field: 'profile' });
  return found;
}
