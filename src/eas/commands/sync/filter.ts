// How far back a device wants to look: FilterType as the instant before which nothing is given.
// MS-ASCMD 2.2.3.68.3 FilterType (Sync)

import { FolderType } from '../../../store/mailboxes.js';
import type { ItemClass, StickyOptions } from '../../../store/states.js';
import type { Folder } from '../../../store/tables.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** By FilterType; 0 is everything, and the others are of calendars and tasks. */
const spans: readonly (number | undefined)[] = [undefined, day, 3 * day, 7 * day, 14 * day, 30 * day];

export const lastFilterType = spans.length - 1;

export interface Filtering {
  folder: Pick<Folder, 'type'>;
  options: readonly StickyOptions[];
  now: number;
}

/** Epoch milliseconds; 0 where the device wants everything. A text shown as mail is filtered as mail is. */
export function cutoffOf(as: ItemClass, { folder, options, now }: Filtering): number {
  // What somebody is still writing has no age.
  if (folder.type === FolderType.Drafts || folder.type === FolderType.Outbox) return 0;
  const span = spans[options.find((each) => each.class === as)?.filterType ?? 0];
  // By the hour, so that a device whose folder is quiet is told of what falls out of it once an hour and not each time.
  return span === undefined ? 0 : Math.floor(now / hour) * hour - span;
}

/** When the next items may fall out of the filter; `null` where nothing is filtered. */
export function settledUntil({ options, now }: Pick<Filtering, 'options' | 'now'>): number | null {
  return options.some(({ filterType }) => filterType) ? (Math.floor(now / hour) + 1) * hour : null;
}
