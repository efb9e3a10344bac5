// A configuration or an indication: a document, its proof, and what carries it.

import type { DocumentType } from '../wbxml/document-type.js';
import { attributeOf, children, type Element } from '../wbxml/element.js';
import { encode } from '../wbxml/encode.js';
import { WbxmlError } from '../wbxml/errors.js';
import { OtaDocument, SyncSetDocument } from '../wbxml/ota/document.js';
import { ProvDocument } from '../wbxml/prov/document.js';
import { SiDocument } from '../wbxml/si/document.js';
import { fromXml, toXml } from '../wbxml/xml.js';
import { PushError } from './errors.js';
import { limits } from './limits.js';
import { type Given, Values } from './parameters.js';
import { Port } from './ports.js';
import type { Format } from './profile.js';
import { profileOf } from './profiles.js';
import { keyOf, macOf, Sec, type Security, type SecuritySecrets, typedPin } from './prov/security.js';
import { carry, type Carriage, type Payload, type PushMessage } from './push-message.js';
import { withPackedDates, withWrittenDates } from './si/indication.js';
import type { ContentType } from './wsp/content-type.js';
import { ApplicationId } from './wsp/push-pdu.js';

export interface Wanted {
  readonly format: Format;
  /** The XML itself, or a profile with its parameters. */
  readonly document?: string | undefined;
  readonly profile?: string | undefined;
  readonly parameters?: Given | undefined;
}

export interface Configuration {
  readonly message: PushMessage;
  /** As people read it. */
  readonly document: string;
  /** What the owner types for `userpinmac`. */
  readonly typedPin?: string;
}

/** @throws PushError */
export function configurationMessage(
  wanted: Wanted & SecuritySecrets & { security?: Security | undefined },
  carriage?: Carriage,
): Configuration {
  const { security = 'none' } = wanted;
  if (security !== 'none' && wanted.format !== 'oma') throw new PushError('BAD_FIELD', { field: 'security' });
  const { type, tree, document } = readWanted(wanted);
  const body = written(tree, type);
  const payload = { ...payloadOf(wanted.format, tree, type), body };
  const signed = { ...payload, contentType: { ...payload.contentType, ...proofOf(security, wanted, body) } };
  return {
    message: carry(signed, carriage),
    document,
    ...(security === 'userpinmac' && { typedPin: typedPin(wanted.pin ?? '', body) }),
  };
}

interface Document {
  readonly type: DocumentType;
  readonly tree: Element;
  readonly document: string;
}

/** @throws PushError */
export function readWanted({ format, document, profile, parameters = {} }: Wanted): Document {
  if ((document === undefined) === (profile === undefined)) throw new PushError('BAD_FIELD', { field: 'profile' });
  if (document !== undefined) return readDocument(format, document);
  const { parameters: known, write } = profileOf(format, profile!);
  const tree = write(new Values(known, parameters));
  const type = typeOf(format, tree.tag === SYNC_SETTINGS);
  return { type, tree, document: shown(tree, type) };
}

function readDocument(format: Format, xml: string): Document {
  if (xml.length > limits.documentCharacters) throw new PushError('BAD_FIELD', { field: 'document' });
  const type = typeOf(format, /<SyncSettings[\s/>]/.test(xml));
  const read = readXml(xml, type);
  const tree = format === 'si' ? withPackedDates(read) : read;
  return { type, tree, document: shown(tree, type) };
}

const SYNC_SETTINGS = 0x0015;

function typeOf(format: Format, isSyncSettings: boolean): DocumentType {
  if (format === 'ota') return isSyncSettings ? SyncSetDocument : OtaDocument;
  return format === 'oma' ? ProvDocument : SiDocument;
}

const roots: ReadonlyMap<DocumentType, number> = new Map([
  [ProvDocument, 0x0005],
  [OtaDocument, 0x0005],
  [SiDocument, 0x0005],
  [SyncSetDocument, SYNC_SETTINGS],
]);

function readXml(xml: string, type: DocumentType): Element {
  const tree = translated(() => fromXml(xml, type));
  if (tree.tag !== roots.get(type)) throw new PushError('BAD_DOCUMENT', { field: 'document' });
  return tree;
}

function written(tree: Element, type: DocumentType): Uint8Array {
  return translated(() => encode(tree, type));
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof WbxmlError) throw new PushError('BAD_DOCUMENT', { field: 'document' }, error);
    throw error;
  }
}

/** For people: the dates of an indication in words. */
export function shown(tree: Element, type: DocumentType): string {
  return toXml(type === SiDocument ? withWrittenDates(tree) : tree, type);
}

function payloadOf(format: Format, tree: Element, type: DocumentType): Omit<Payload, 'body'> {
  const shared = { applicationId: ApplicationId.SyncMl, tellsApplicationId: false };
  const at = (destination: number, source: number, contentType: ContentType) => ({
    ...shared,
    ...{ ports: { destination, source }, contentType },
  });
  if (format === 'si') return at(Port.WapPush, Port.WspConnectionless, { type: 'application/vnd.wap.sic' });
  if (format === 'oma') return at(Port.WapPush, Port.WapPush, { type: 'application/vnd.wap.connectivity-wbxml' });
  if (type === SyncSetDocument)
    return at(Port.OtaSyncSettings, Port.Sender, { type: 'application/vnd.nokia.syncset+wbxml', isUtf8: true });
  const kind = isBookmark(tree) ? 'bookmarks' : 'settings';
  return at(Port.OtaSettings, Port.Sender, { type: `application/x-wap-prov.browser-${kind}`, isUtf8: true });
}

function isBookmark(tree: Element): boolean {
  const all = children(tree);
  return all.length > 0 && all.every((each) => attributeOf(each, 'TYPE') === 'BOOKMARK');
}

function proofOf(security: Security, secrets: SecuritySecrets, body: Uint8Array): { sec?: number; mac?: string } {
  if (security === 'none') return {};
  if (security === 'userpinmac') return { sec: Sec.userpinmac };
  return { sec: Sec[security], mac: macOf(keyOf(security, secrets), body) };
}
