// The alert of a server as SyncML 1.1 knows it: a whole SyncML message, in two short messages at least.
// SyncML Representation Protocol 1.1: Alert. That it is sent so over text messages is a custom, not a standard.

import { decode } from '../../wbxml/decode.js';
import { child, children, element, type Element, text } from '../../wbxml/element.js';
import { encode } from '../../wbxml/encode.js';
import { SyncMl11Document, SyncMl11TextDocument } from '../../wbxml/syncml/document.js';
import { MetInf } from '../../wbxml/syncml/met-inf.js';
import { SyncMl } from '../../wbxml/syncml/syncml.js';
import { PushError } from '../errors.js';
import { syncTypes } from '../san/notification.js';

/** How the head of the document names its type; which of them old phones want is not known. */
export const publicIdForms = ['number', 'text'] as const;
export type PublicIdForm = (typeof publicIdForms)[number];

export interface AlertedDatabase {
  /** 206 to 210. */
  readonly syncType: number;
  readonly uri: string;
  /** What it holds, where that is told. */
  readonly mimeType?: string | undefined;
}

export interface ServerAlert {
  /** The phone: its IMEI, or `/`. */
  readonly target: string;
  /** The server: its address. */
  readonly source: string;
  readonly sessionId: number;
  readonly databases: readonly AlertedDatabase[];
}

const S = SyncMl;

/** @throws PushError BAD_FIELD */
export function writeServerAlert(alert: ServerAlert, publicId: PublicIdForm = 'number'): Uint8Array {
  const { databases } = alert;
  if (databases.length === 0) throw new PushError('BAD_FIELD', { field: 'Alert' });
  const tree = element(S.SyncML, [
    writeHeader(alert),
    element(S.SyncBody, [...databases.map((database, n) => writeAlert(database, n + 1)), element(S.Final)]),
  ]);
  return encode(tree, publicId === 'text' ? SyncMl11TextDocument : SyncMl11Document);
}

function writeHeader({ target, source, sessionId }: ServerAlert): Element {
  return element(S.SyncHdr, [
    element(S.VerDTD, '1.1'),
    element(S.VerProto, 'SyncML/1.1'),
    element(S.SessionID, String(sessionId)),
    element(S.MsgID, '1'),
    element(S.Target, [element(S.LocURI, target)]),
    element(S.Source, [element(S.LocURI, source)]),
  ]);
}

function writeAlert({ syncType, uri, mimeType }: AlertedDatabase, commandId: number): Element {
  if (!syncTypes.includes(syncType)) throw new PushError('BAD_FIELD', { field: 'Data' });
  return element(S.Alert, [
    element(S.CmdID, String(commandId)),
    element(S.Data, String(syncType)),
    element(S.Item, [
      element(S.Source, [element(S.LocURI, uri)]),
      mimeType === undefined ? undefined : element(S.Meta, [element(MetInf.Type, mimeType)]),
    ]),
  ]);
}

/** @throws PushError BAD_DOCUMENT, WbxmlError */
export function readServerAlert(octets: Uint8Array): ServerAlert {
  const root = decode(octets, SyncMl11Document);
  const header = child(root, S.SyncHdr);
  const body = child(root, S.SyncBody);
  if (!header || !body || root.tag !== S.SyncML) throw new PushError('BAD_DOCUMENT');
  return {
    target: locationIn(header, S.Target),
    source: locationIn(header, S.Source),
    sessionId: Number(text(header, S.SessionID)),
    databases: children(body, S.Alert).flatMap(readAlert),
  };
}

function readAlert(alert: Element): AlertedDatabase[] {
  const syncType = Number(text(alert, S.Data));
  return children(alert, S.Item).map((item) => {
    const meta = child(item, S.Meta);
    return { syncType, uri: locationIn(item, S.Source), mimeType: meta && text(meta, MetInf.Type) };
  });
}

function locationIn(parent: Element, tag: number): string {
  const place = child(parent, tag);
  return (place && text(place, S.LocURI)) ?? '';
}
