// Operations of ItemOperations, and what the server answers to them.

import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import type { Mailbox } from './mailbox.js';

const mailboxStore = element(ItemOperations.Store, 'Mailbox');

export function fetchOf(...names: Element[]): Element {
  return element(ItemOperations.Fetch, [mailboxStore, ...names]);
}

export const byServerId = (folder: string | number, id: string) => [
  element(AirSync.CollectionId, String(folder)),
  element(AirSync.ServerId, id),
];

export async function operate({ device }: Mailbox, ...operations: Element[]): Promise<Element[]> {
  const { root } = await device.post('ItemOperations', element(ItemOperations.ItemOperations, operations));
  const response = child(root!, ItemOperations.Response);
  return response ? [...children(response)] : [root!];
}

export async function statusesOf(mailbox: Mailbox, ...operations: Element[]): Promise<(string | undefined)[]> {
  return (await operate(mailbox, ...operations)).map((each) => text(each, ItemOperations.Status));
}

export async function propertiesOf(mailbox: Mailbox, operation: Element): Promise<Element> {
  const [fetched] = await operate(mailbox, operation);
  return child(fetched!, ItemOperations.Properties) ?? fetched!;
}
