// ItemOperations: items and attachments are fetched, folders emptied, conversations moved; one after the other, each with a
// Status of its own.
// MS-ASCMD 2.2.1.10 ItemOperations

import { ItemOperations } from '../../../wbxml/airsync/item-operations.js';
import { children, type Element, element } from '../../../wbxml/element.js';
import { StatusError } from '../../errors.js';
import type { Answer, Exchange } from '../../exchange.js';
import { limits } from '../../limits.js';
import { ItemOperationsStatus } from '../../statuses.js';
import { beginDelivery, type Delivery } from './delivery.js';
import { emptyFolderContents } from './empty-folder-contents.js';
import { fetch } from './fetch.js';
import { moveConversation } from './move-conversation.js';

type Operation = (exchange: Exchange, operation: Element, delivery: Delivery) => Promise<Element>;

const operations: Readonly<Record<number, Operation>> = {
  [ItemOperations.Move]: moveConversation,
  [ItemOperations.EmptyFolderContents]: emptyFolderContents,
  [ItemOperations.Fetch]: fetch,
};

// The order in which an answer names them, whatever that of the request was.
const answered = [ItemOperations.Move, ItemOperations.EmptyFolderContents, ItemOperations.Fetch];

export async function itemOperations(exchange: Exchange): Promise<Answer> {
  const asked = exchange.body ? children(exchange.body) : [];
  if (asked.length === 0 || asked.length > limits.itemOperations)
    throw new StatusError(ItemOperationsStatus.ProtocolError, 'ItemOperations without operations, or with too many');
  const delivery = beginDelivery(exchange);
  const done: Element[] = [];
  for (const each of asked) done.push(await operate(exchange, each, delivery));
  const inOrder = answered.flatMap((tag) => done.filter((each) => each.tag === tag));
  const root = element(ItemOperations.ItemOperations, [
    element(ItemOperations.Status, String(ItemOperationsStatus.Success)),
    element(ItemOperations.Response, inOrder),
  ]);
  return delivery.parts ? { kind: 'multipart', root, parts: delivery.parts } : root;
}

function operate(exchange: Exchange, operation: Element, delivery: Delivery): Promise<Element> {
  const run = operations[operation.tag];
  if (!run) throw new StatusError(ItemOperationsStatus.ProtocolError, 'an operation that there is not');
  return run(exchange, operation, delivery);
}
