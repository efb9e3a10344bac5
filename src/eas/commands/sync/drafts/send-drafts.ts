// Drafts that a Sync says are to be sent: what can refuse them is looked at before the transaction, in which they leave.
// MS-ASCMD 2.2.3.164 Send, since 16.0

import { createHash } from 'node:crypto';
import { composeMail } from '../../../../mail/compose.js';
import type { MailAttachment } from '../../../../mail/parse.js';
import { type ClientRequest, prepareMail, type PreparedMail, wasAccepted } from '../../../../message/mail.js';
import { getAttachment, getContent, listAttachments } from '../../../../store/contents.js';
import { getItem } from '../../../../store/items.js';
import type { Session } from '../../../../store/session.js';
import type { Item } from '../../../../store/tables.js';
import type { Steps } from '../../../../store/transaction.js';
import { AirSync } from '../../../../wbxml/airsync/air-sync.js';
import { Email2 } from '../../../../wbxml/airsync/email2.js';
import { child, type Element, text } from '../../../../wbxml/element.js';
import { encode } from '../../../../wbxml/encode.js';
import { StatusError } from '../../../errors.js';
import type { Exchange } from '../../../exchange.js';
import { readItemId } from '../../../server-id.js';
import { SyncStatus } from '../../../statuses.js';
import { isSince } from '../../../versions.js';
import { statusErrorOf } from '../../compose-submission.js';
import type { SyncRequest } from '../read.js';
import { type DraftData, readDraft } from './draft-data.js';
import { findFiles } from './draft-item.js';

/** What is to be sent, or the Status with which it is refused. */
export type Sending = { mail: PreparedMail; readAt: number | undefined } | { status: number };

/** By the command that says so. */
export type Sendings = ReadonlyMap<Element, Sending>;

const none: Sendings = new Map();

export async function prepareSendings(exchange: Exchange, request: SyncRequest): Promise<Sendings> {
  if (!isSince(exchange.version, '16.0')) return none;
  const commands = request.collections.flatMap((collection) => collection.commands);
  if (!commands.some(isToBeSent)) return none;
  const sendings = new Map<Element, Sending>();
  const drafts = new Map<string, Said>();
  for (const command of commands) {
    const said = saidOf(command, drafts);
    if (!isToBeSent(command)) said.changes.push(command);
    else sendings.set(command, said.isSent ? isTwice : await prepareOne(exchange, command, said.changes));
    said.isSent ||= isToBeSent(command);
  }
  return sendings;
}

/** What a request says of one draft. */
interface Said {
  /** In front of its sending. */
  changes: Element[];
  isSent: boolean;
}

// Stops: one draft that is read and composed for each of many sendings.
const isTwice: Sending = { status: SyncStatus.Conflict };

function saidOf(command: Element, drafts: Map<string, Said>): Said {
  const serverId = command.tag === AirSync.Change ? text(command, AirSync.ServerId) : undefined;
  const said = (serverId === undefined ? undefined : drafts.get(serverId)) ?? { changes: [], isSent: false };
  if (serverId !== undefined) drafts.set(serverId, said);
  return said;
}

export function isToBeSent(command: Element): boolean {
  return child(command, Email2.Send) !== undefined;
}

async function prepareOne(exchange: Exchange, command: Element, changes: readonly Element[]): Promise<Sending> {
  try {
    const draft = [...changes.flatMap(readOrSkip), readData(command)].reduce(joined);
    const stored = await exchange.services.store.read((session) => readStored(session, exchange, { command, draft }));
    if (command.tag === AirSync.Change && !stored) return { status: SyncStatus.ObjectNotFound };
    const octets = compose(exchange, { draft, stored });
    const { services, user } = exchange;
    const request = requestOf(exchange, command);
    const mail = await prepareMail(services, { user, octets, saveInSent: true, request });
    return { mail, readAt: stored?.item.sequence };
  } catch (error) {
    const refusal = statusErrorOf(error);
    if (refusal instanceof StatusError) return { status: refusal.status };
    throw refusal;
  }
}

// A malformed one is refused for itself.
function readOrSkip(command: Element): DraftData[] {
  try {
    return [readData(command)];
  } catch (error) {
    if (error instanceof StatusError) return [];
    throw error;
  }
}

function readData(command: Element): DraftData {
  const data = child(command, AirSync.ApplicationData);
  return data ? readDraft(data) : nothingNew;
}

const nothingNew: DraftData = { added: [], removed: [] };

function joined(first: DraftData, then: DraftData): DraftData {
  const files = { added: [...first.added, ...then.added], removed: [...first.removed, ...then.removed] };
  return { ...first, ...then, ...files };
}

/** Whether this very command was carried out before: then the draft that it names is there no longer. */
export function* wasSent(session: Session, exchange: Pick<Exchange, 'device'>, command: Element): Steps<boolean> {
  return isToBeSent(command) && (yield* wasAccepted(session, requestOf(exchange, command)));
}

// A ClientId is unique within one request only, so the digest belongs to the name. What stands before it tells drafts
// and SendMail apart.
function requestOf({ device }: Pick<Exchange, 'device'>, command: Element): ClientRequest {
  const digest = digestOf(command);
  return { deviceId: device.id, clientId: `draft ${digest}`, digest };
}

interface StoredDraft {
  item: Item;
  html: string | undefined;
  files: (MailAttachment & { id: number })[];
  /** Of the files that the device adds, those that are there: the answer to that was lost. */
  known: ReadonlyMap<string, number>;
}

function* readStored(
  session: Session,
  { user, device, now }: Exchange,
  { command, draft }: { command: Element; draft: DraftData },
): Steps<StoredDraft | undefined> {
  const name = readItemId(text(command, AirSync.ServerId) ?? '');
  const item = name && (yield* getItem(session, name.folderId, name.itemId));
  if (!item || item.userId !== user.id || !item.properties.isDraft) return undefined;
  const files: StoredDraft['files'] = [];
  for (const { id } of yield* listAttachments(session, item.id)) {
    const file = (yield* getAttachment(session, id))!;
    files.push({ ...file, contentId: file.contentId ?? undefined });
  }
  const known = yield* findFiles(session, item, { draft, deviceId: device.id, now });
  return { item, html: (yield* getContent(session, item.id))?.html, files, known };
}

function compose(exchange: Exchange, { draft, stored }: { draft: DraftData; stored: StoredDraft | undefined }) {
  const { user, services, now } = exchange;
  const item = stored?.item;
  const body = draft.body ?? { text: item?.text ?? '', html: stored?.html };
  const added = draft.added.filter(({ clientId }) => !stored?.known.has(clientId));
  const kept = (stored?.files ?? []).filter(({ id }) => !draft.removed.includes(String(id)));
  return composeMail({
    from: user.address,
    to: draft.to ?? item?.to ?? '',
    cc: draft.cc ?? item?.properties.cc,
    bcc: draft.bcc ?? item?.properties.bcc,
    replyTo: draft.replyTo ?? item?.properties.replyTo,
    subject: draft.subject ?? item?.subject ?? '',
    date: now,
    messageId: `<${services.newId()}@${user.domain}>`,
    importance: draft.importance ?? item?.importance,
    text: body.text,
    html: body.html,
    attachments: [...kept, ...added],
  });
}

/** What makes a command the same as an earlier one: everything it says. */
export function digestOf(command: Element): string {
  return createHash('sha256').update(encode(command)).digest('base64url');
}
