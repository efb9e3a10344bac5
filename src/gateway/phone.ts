// A user's elected phone, and what keeps it from sending just now.

import { whyInvalid } from '../message/routes.js';
import { getElected } from '../store/elected.js';
import type { Store } from '../store/open.js';
import type { Session } from '../store/session.js';
import type { Device } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';

export interface Phone {
  /** As shown for a message it carries. Ids of gateways have no colon, so that it is never taken for one. */
  id: string;
  device: Device;
  /** Which criterion it fails; none while it is valid. */
  obstacle: string | undefined;
}

/** Validity is read here, never changed: electing is the election's. */
export function* getPhone(
  tx: Session,
  { settings, presence }: Pick<Store, 'settings' | 'presence'>,
  { userId, now }: { userId: number; now: number },
): Steps<Phone | undefined> {
  const device = (yield* getElected(tx, userId))?.device;
  if (!device) return undefined;
  const lastOutboxSync = presence.lastOutboxSync(device, now);
  const obstacle = whyInvalid(device, { now, lastOutboxSync, settings: settings.current });
  return { id: `activesync:${device.deviceId}`, device, obstacle };
}
