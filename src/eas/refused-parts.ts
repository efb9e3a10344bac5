// The refusals within an answer: an Add, a Collection or a folder that was refused while the rest of the command stood.

import { AirSync } from '../wbxml/airsync/air-sync.js';
import { Settings } from '../wbxml/airsync/settings.js';
import { children, type Element, textOf } from '../wbxml/element.js';
import type { Command } from './command-table.js';

/** Each refusing Status once, in the order of the answer. */
export function refusedStatuses(answer: Element, command: Command): string[] {
  const refused = new Set<string>();
  gather(answer, command, refused);
  return [...refused];
}

function gather(parent: Element, command: Command, refused: Set<string>): void {
  for (const each of children(parent)) {
    // What the server tells of itself has no Status, and may be long.
    if (each.tag === AirSync.Commands) continue;
    // DeviceInformation within Provision answers in words of Settings.
    const isStatus = each.tag === command.status || each.tag === Settings.Status;
    const status = isStatus ? textOf(each) : undefined;
    if (status !== undefined && !command.successes.includes(status)) refused.add(status);
    gather(each, command, refused);
  }
}
