// What few messages have, beside text, number and sender.

import type { MessageProperties } from '../store/states.js';
import type { Written } from './content.js';
import { MessageError } from './errors.js';
import { limits } from './limits.js';
import { readPassedValues } from './passed-values.js';

export interface WithProperties extends Pick<Written, 'binary' | 'pid' | 'dcs'> {
  /** Pass on to the gateway's URL: `&name=value`. */
  values?: readonly string[] | undefined;
  /** The address that answers go to. */
  reply?: string | undefined;
  /** What its sender calls it. */
  msgid?: string | undefined;
  /** 1 is the highest, 5 the lowest. */
  priority?: number | undefined;
  hops?: number | undefined;
  /** Message-ID of the mail that it was written as: an answer refers to it. */
  mailId?: string | undefined;
}

/** `undefined` for most; `account` is the SMS account it is counted for. Throws MessageError BAD_PARAMETER. */
export function readProperties(message: WithProperties, account?: string): MessageProperties | undefined {
  const { binary, pid, dcs, reply, msgid, mailId, priority, hops } = message;
  const properties: MessageProperties = {};
  if (binary) properties.data = inBase64(binary.data);
  if (binary?.udh) properties.udh = inBase64(binary.udh);
  if (pid !== undefined) properties.pid = checkOctet(pid, 'pid');
  if (dcs !== undefined) properties.dcs = checkOctet(dcs, 'dcs');
  const values = message.values && readPassedValues(message.values);
  if (values && values.length > 0) properties.values = values;
  if (reply !== undefined) properties.reply = checkLength(reply, limits.mailAddressCharacters, 'reply');
  if (msgid !== undefined) properties.msgid = checkLength(msgid, limits.keyCharacters, 'msgid');
  // One that nobody would write is not worth a mail: it only says where the answer lies.
  if (mailId !== undefined && mailId.length <= limits.keyCharacters) properties.mailId = mailId;
  if (account !== undefined) properties.account = account;
  if (priority !== undefined) properties.priority = priority;
  if (hops) properties.hops = hops;
  return Object.keys(properties).length > 0 ? properties : undefined;
}

/** Throws MessageError BAD_PARAMETER. */
export function checkLength(text: string, most: number, field: string): string {
  if (text.length > most) throw new MessageError('BAD_PARAMETER', field);
  return text;
}

function checkOctet(value: number, field: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 255) return value;
  throw new MessageError('BAD_PARAMETER', field);
}

function inBase64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}
