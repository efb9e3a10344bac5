// What a template is given of a message: once for a text of any length, once for each part of a binary message.

import { createHash } from 'node:crypto';
import type { TemplateValues } from '../../../hooks/template/render.js';
import { splitBinary } from '../../../sms/binary-parts.js';
import type { Message } from '../../../store/tables.js';

export type SentMessage = Pick<Message, 'id' | 'recipient' | 'text' | 'parts' | 'sender' | 'properties'>;

/** The user who sends, where there is one. */
export interface SendingUser {
  address: string;
  phoneNumber: string | null;
}

/** A sender may be this variable itself, as rules write it: the number of the user who sends. */
export function isAliasOfSender(sender: string | null): boolean {
  return sender !== null && /^%\$?sender_phonealias%$/i.test(sender);
}

export function valuesOf(message: SentMessage, user: SendingUser | undefined): TemplateValues[] {
  const { id, recipient, text, parts, properties } = message;
  const senderPhoneAlias = user?.phoneNumber ?? undefined;
  const shared: TemplateValues = {
    number: recipient,
    from: user?.address,
    sender: isAliasOfSender(message.sender) ? senderPhoneAlias : (message.sender ?? undefined),
    senderPhoneAlias,
    parts,
    value: properties?.values,
    pid: properties?.pid,
    dcs: properties?.dcs,
    msgid: id,
  };
  if (properties?.data === undefined) return [Object.assign(shared, { data: text })];
  const split = splitBinary({ ...octetsOf(properties), reference: referenceOf(id) });
  if (split.length === 1) return [{ ...shared, ...split[0] }];
  // Each its own id: another server would take the second one for the first come again.
  return split.map((part, n) => ({ ...shared, ...part, msgid: `${id}-${n + 1}` }));
}

function octetsOf({ data = '', udh }: { data?: string; udh?: string }): { data: Uint8Array; udh?: Uint8Array } {
  return { data: Buffer.from(data, 'base64'), ...(udh !== undefined && { udh: Buffer.from(udh, 'base64') }) };
}

// The same whenever the message is tried again, so that a phone that has some of its parts takes them for the same.
// TS 23.040 9.2.3.24.1 Concatenated Short Messages (8-bit reference number)
function referenceOf(id: string): number {
  return createHash('sha256').update(id).digest()[0]!;
}
