// What was sent, as messages instead of parts: for those who ask whether one was lost or sent twice.

import { concatenationOf } from '../sms/user-data-header.js';
import type { SubmittedMessage } from './network.js';

export interface JoinedMessage {
  readonly from: string;
  readonly to: string;
  /** Of all parts, in their order; empty for octets. */
  readonly text: string;
  readonly parts: number;
}

export interface Joined {
  /** In the order in which their last part was sent. */
  readonly messages: JoinedMessage[];
  /** Parts of messages of which another part was never sent; a part that was sent twice leaves one. */
  readonly leftOver: SubmittedMessage[];
}

export function joinParts(sent: readonly SubmittedMessage[]): Joined {
  const messages: JoinedMessage[] = [];
  const open = new Map<string, SubmittedMessage[][]>();
  for (const each of sent) {
    const place = concatenationOf(each.submit.header);
    if (place === undefined) {
      messages.push(joined([each]));
      continue;
    }
    const key = `${each.from} ${each.to} ${place.reference} ${place.total}`;
    const collections = open.get(key) ?? [];
    open.set(key, collections);
    const whole = collect(collections, each, place);
    if (whole) messages.push(joined(whole));
  }
  const leftOver = [...open.values()].flat().flatMap((parts) => parts.filter((part) => part !== undefined));
  return { messages, leftOver };
}

/** Into the first collection that lacks this part; the parts of one that is whole by it. */
function collect(
  collections: SubmittedMessage[][],
  each: SubmittedMessage,
  { part, total }: { part: number; total: number },
): SubmittedMessage[] | undefined {
  let found = collections.find((parts) => parts[part - 1] === undefined);
  if (!found) collections.push((found = new Array<SubmittedMessage>(total)));
  found[part - 1] = each;
  if (Object.keys(found).length < total) return undefined;
  collections.splice(collections.indexOf(found), 1);
  return found;
}

function joined(parts: readonly SubmittedMessage[]): JoinedMessage {
  const { from, to } = parts[0]!;
  return { from, to, text: parts.map(({ submit }) => submit.text).join(''), parts: parts.length };
}
