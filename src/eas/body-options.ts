// How the bodies of one request are wanted, where nothing is remembered of it: in ItemOperations and Search.
// MS-ASCMD 2.2.3.125.3 Options (ItemOperations), MS-ASCMD 2.2.3.125.5 Options (Search)

import type { ItemClass, StickyOptions } from '../store/states.js';
import { AirSync } from '../wbxml/airsync/air-sync.js';
import { type Element, text } from '../wbxml/element.js';
import { readBodyWishes } from './commands/sync/options.js';
import { StatusError } from './errors.js';
import { SyncStatus } from './statuses.js';

/** Throws StatusError with the command's own status for what is malformed. */
export function readBodyOptions(options: Element, itemClass: ItemClass, malformed: number): StickyOptions {
  const mimeSupport = text(options, AirSync.MIMESupport) ?? '0';
  if (!/^[012]$/.test(mimeSupport)) throw new StatusError(malformed, 'a MIMESupport that there is not');
  return { class: itemClass, mimeSupport: Number(mimeSupport), ...readWishes(options, malformed) };
}

// The reader speaks of Sync.
function readWishes(options: Element, malformed: number) {
  try {
    return readBodyWishes(options);
  } catch (error) {
    if (!(error instanceof StatusError) || error.status !== SyncStatus.ProtocolError) throw error;
    throw new StatusError(malformed, error.message);
  }
}
