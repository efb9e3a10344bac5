// What SendMail, SmartReply and SmartForward ask: in elements from 14.0 on, as a bare mail with parameters at 12.1.
// MS-ASCMD 2.2.1.17 SendMail, 2.2.1.19 SmartForward, 2.2.1.20 SmartReply

import { createHash } from 'node:crypto';
import type { MailAddress } from '../../mail/address.js';
import type { ClientRequest } from '../../message/mail.js';
import { ComposeMail } from '../../wbxml/airsync/compose-mail.js';
import { child, children, type Element, text, textOf } from '../../wbxml/element.js';
import { readDate } from '../item-classes/date.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { limits } from '../limits.js';
import { CommonStatus } from '../statuses.js';

/** As written: a ServerId, or the name that a search gave the item. */
export type SourceName = { itemId: string } | { longId: string };

export interface ComposeRequest {
  mime: Uint8Array;
  saveInSent: boolean;
  /** The mail holds the original already. */
  replaceMime: boolean;
  /** Absent in SendMail. */
  source: SourceName | undefined;
  /** Of SmartForward since 16.0. */
  forwardees: readonly MailAddress[];
  request: ClientRequest;
}

export type ComposeCommand = 'SendMail' | 'SmartReply' | 'SmartForward';

/** Throws StatusError. */
export function readComposeRequest(exchange: Exchange, command: ComposeCommand): ComposeRequest {
  const { body } = exchange;
  return body ? readElements(exchange, { body, command }) : readRaw(exchange, command);
}

interface Written {
  body: Element;
  command: ComposeCommand;
}

function readElements(exchange: Exchange, { body, command }: Written): ComposeRequest {
  // MS-ASCMD 2.2.3.3.2 AccountId (SendMail, SmartForward, SmartReply): the one account of a user here has none.
  if (child(body, ComposeMail.AccountId)) throw new StatusError(CommonStatus.InvalidAccountId, 'no such account');
  const mime = readMime(body);
  const clientId = readClientId(body);
  return {
    mime,
    saveInSent: child(body, ComposeMail.SaveInSentItems) !== undefined,
    replaceMime: child(body, ComposeMail.ReplaceMime) !== undefined,
    source: command === 'SendMail' ? undefined : readSource(child(body, ComposeMail.Source)),
    forwardees: readForwardees(child(body, ComposeMail.Forwardees)),
    request: { deviceId: exchange.device.id, clientId, digest: digestOf(mime, command, sourceText(body)) },
  };
}

// At 12.1 the mail is the body, and the source stands in the query. MS-ASHTTP 2.2.1.1.1.2.5 Command-Specific URI Parameters
function readRaw({ device, parameters, rawBody }: Exchange, command: ComposeCommand): ComposeRequest {
  const { collectionId = '', itemId = '', longId = '', saveInSent } = parameters;
  return {
    mime: rawBody,
    saveInSent,
    replaceMime: false,
    source: command === 'SendMail' ? undefined : readSourceName({ itemId, longId }),
    forwardees: [],
    request: {
      deviceId: device.id,
      clientId: undefined,
      digest: digestOf(rawBody, command, `${collectionId} ${itemId} ${longId}`),
    },
  };
}

// MS-ASCMD 2.2.3.28.2 ClientId (SendMail, SmartForward, SmartReply)
function readClientId(body: Element): string {
  const clientId = text(body, ComposeMail.ClientId) ?? '';
  if (clientId === '' || clientId.length > limits.keyCharacters)
    throw new StatusError(CommonStatus.InvalidXML, 'ClientId is missing or too long');
  return clientId;
}

// MS-ASCMD 2.2.3.108 Mime: opaque octets. Some clients write them as text.
function readMime(body: Element): Uint8Array {
  const content = child(body, ComposeMail.Mime)?.content;
  if (content instanceof Uint8Array) return content;
  if (typeof content === 'string') return Buffer.from(content);
  throw new StatusError(CommonStatus.InvalidMIME, 'there is no mail in the request');
}

// MS-ASCMD 2.2.3.170 Source
function readSource(source: Element | undefined): SourceName {
  if (!source) throw new StatusError(CommonStatus.InvalidXML, 'Source is missing');
  const instance = text(source, ComposeMail.InstanceId);
  if (instance !== undefined) refuseInstance(instance);
  const [itemId = '', longId = ''] = [ComposeMail.ItemId, ComposeMail.LongId].map((tag) => text(source, tag));
  return readSourceName({ itemId, longId });
}

// MS-ASCMD 2.2.3.87.2 InstanceId (SmartForward, SmartReply): of a calendar item that recurs, and there is none here.
function refuseInstance(instance: string): never {
  if (readDate(instance) === undefined) throw new StatusError(CommonStatus.InvalidDateTime, 'InstanceId is no date');
  throw new StatusError(CommonStatus.NoRecurrenceInCalendar, 'the item does not recur');
}

function readSourceName({ itemId, longId }: { itemId: string; longId: string }): SourceName {
  if ((itemId === '') === (longId === ''))
    throw new StatusError(CommonStatus.InvalidCombinationOfIDs, 'either ItemId or LongId names the source');
  return itemId === '' ? { longId } : { itemId };
}

// MS-ASCMD 2.2.3.78 Forwardees
function readForwardees(forwardees: Element | undefined): MailAddress[] {
  if (!forwardees) return [];
  const read = children(forwardees).map((each) => ({
    name: text(each, ComposeMail.ForwardeeName) || undefined,
    address: each.tag === ComposeMail.Forwardee ? (text(each, ComposeMail.ForwardeeEmail) ?? '').trim() : '',
  }));
  if (read.length === 0 || read.some(({ address }) => address === ''))
    throw new StatusError(CommonStatus.InvalidSmartForwardParameters, 'Forwardees without an address');
  return read;
}

function sourceText(body: Element): string {
  const source = child(body, ComposeMail.Source);
  return source
    ? children(source)
        .map((part) => `${part.tag}=${textOf(part)}`)
        .join(' ')
    : '';
}

function digestOf(mime: Uint8Array, command: ComposeCommand, source: string): string {
  return createHash('sha256').update(`${command}\n${source}\n`).update(mime).digest('base64url');
}
