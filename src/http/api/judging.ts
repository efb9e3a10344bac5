// How an administrator's request judges devices: by the settings as they are now, and people are told by mail.

import type { Judging } from '../../accounts/device-state.js';
import { announceStateChange } from '../../message/notice.js';
import type { HttpServices } from '../services.js';

export function judging({ store, now }: Pick<HttpServices, 'store' | 'now'>): Judging {
  return { defaultState: store.settings.current.device.defaultState, tell: announceStateChange, now: now() };
}
