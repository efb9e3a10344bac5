// MoveItems: puts an item into another folder.
// MS-ASCMD 2.2.1.12 MoveItems

import type { Element } from '../wbxml/element.js';
import { children, element, text } from '../wbxml/element.js';
import { Move } from '../wbxml/airsync/move.js';
import { requestDocument } from './request.js';
import type { Line } from './request.js';
import { refusal, statusNumber } from './statuses.js';

export interface MoveRequest {
  readonly serverId: string;
  readonly from: string;
  readonly to: string;
}

export interface Moved {
  readonly status: number;
  /** What the item is called in its new folder. */
  readonly serverId: string | undefined;
}

/** @throws PhoneError */
export async function moveItem(line: Line, { serverId, from, to }: MoveRequest): Promise<Moved> {
  const document = element(Move.MoveItems, [
    element(Move.Move, [element(Move.SrcMsgId, serverId), element(Move.SrcFldId, from), element(Move.DstFldId, to)]),
  ]);
  const answer = await requestDocument(line, { command: 'MoveItems', document, root: Move.MoveItems });
  const response = children(answer, Move.Response).find((each) => text(each, Move.SrcMsgId) === serverId);
  return { status: statusOf(response ?? answer), serverId: response && text(response, Move.DstMsgId) };
}

// A Status beside the Response, or in its place, refuses the whole request.
function statusOf(answer: Element): number {
  const status = statusNumber(text(answer, Move.Status));
  if (status === undefined || status > 100) throw refusal('MoveItems', status);
  return status;
}
