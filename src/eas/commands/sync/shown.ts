// Which classes of items a device is shown in a folder, and as what: a device that asks for no texts sees them as mail.
// MS-ASMS 3.1.4.1.1, MS-ASCMD 2.2.3.125.6 Options (Sync)

import { FolderType } from '../../../store/mailboxes.js';
import { type ItemClass, itemClasses, type Mark, type Marks, type StickyOptions } from '../../../store/states.js';
import type { Folder } from '../../../store/tables.js';
import { hasTexts, type ProtocolVersion } from '../../versions.js';

/** Under which class the items of a class are shown; absent where they are not. */
export type Shown = Readonly<Partial<Record<ItemClass, ItemClass>>>;

const allAsMail: Shown = { Email: 'Email', SMS: 'Email' };
const bothClasses: Shown = { Email: 'Email', SMS: 'SMS' };
const textsAlone: Shown = { SMS: 'SMS' };

/** Without Options a Collection is of the folder's own class. */
export function shownIn(
  folder: Pick<Folder, 'type'>,
  options: readonly StickyOptions[],
  version: ProtocolVersion,
): Shown {
  const isAskedFor = (itemClass: ItemClass) => options.some((each) => each.class === itemClass);
  if (!isAskedFor('SMS') || !mayHoldTexts(folder, version)) return allAsMail;
  return isAskedFor('Email') ? bothClasses : textsAlone;
}

const foldersOfTextsIn140: readonly number[] = [FolderType.Inbox, FolderType.Outbox, FolderType.SentItems];

// MS-ASMS 3.1.4.1: 14.0 knows texts in three folders, later versions wherever there may be mail.
function mayHoldTexts({ type }: Pick<Folder, 'type'>, version: ProtocolVersion): boolean {
  return hasTexts(version) && (version !== '14.0' || foldersOfTextsIn140.includes(type));
}

/** Of a device that has nothing of a class. */
export function freshMark(as: ItemClass, started: number): Mark {
  return { as, entered: 0, changed: 0, started, since: 0, sinceId: 0 };
}

/**
 * The marks of a device that is shown something else from now on: what it has under another class it will be told to let
 * go of, and it begins anew with what it was not shown before. `itemSequence` is the last change in the folder.
 */
export function turnTo(shown: Shown, marks: Marks, itemSequence: number): Marks {
  if (itemClasses.every((each) => marks[each]?.as === shown[each])) return marks;
  const turned: Marks = {};
  const leaving = [...(marks.leaving ?? [])];
  for (const itemClass of itemClasses) {
    const mark = marks[itemClass];
    const as = shown[itemClass];
    if (mark && mark.as !== as) leaving.push({ class: itemClass, mark, upTo: itemSequence, position: 0 });
    if (as) turned[itemClass] = mark?.as === as ? mark : freshMark(as, itemSequence);
  }
  return leaving.length > 0 ? { ...turned, leaving } : turned;
}
