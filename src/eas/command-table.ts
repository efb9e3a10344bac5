// The commands, each with its root element and what it needs before it may run.

import { AirSync } from '../wbxml/airsync/air-sync.js';
import { ComposeMail } from '../wbxml/airsync/compose-mail.js';
import { Find } from '../wbxml/airsync/find.js';
import { FolderHierarchy } from '../wbxml/airsync/folder-hierarchy.js';
import { GetItemEstimate } from '../wbxml/airsync/get-item-estimate.js';
import { ItemOperations } from '../wbxml/airsync/item-operations.js';
import { MeetingResponse } from '../wbxml/airsync/meeting-response.js';
import { Move } from '../wbxml/airsync/move.js';
import { Ping } from '../wbxml/airsync/ping.js';
import { Provision } from '../wbxml/airsync/provision.js';
import { ResolveRecipients } from '../wbxml/airsync/resolve-recipients.js';
import { Search } from '../wbxml/airsync/search.js';
import { Settings } from '../wbxml/airsync/settings.js';
import { ValidateCert } from '../wbxml/airsync/validate-cert.js';
import type { Tag } from '../wbxml/element.js';
import { find } from './commands/find/find.js';
import { folderCreate } from './commands/folder-create.js';
import { folderDelete } from './commands/folder-delete.js';
import { folderSync } from './commands/folder-sync.js';
import { folderUpdate } from './commands/folder-update.js';
import { getAttachment } from './commands/get-attachment.js';
import { getItemEstimate } from './commands/get-item-estimate.js';
import { itemOperations } from './commands/item-operations/item-operations.js';
import { meetingResponse } from './commands/meeting-response.js';
import { moveItems } from './commands/move-items.js';
import { ping } from './commands/ping.js';
import { provision } from './commands/provision.js';
import { resolveRecipients } from './commands/resolve-recipients.js';
import { search } from './commands/search/search.js';
import { sendMail } from './commands/send-mail.js';
import { settings } from './commands/settings/settings.js';
import { smartForward } from './commands/smart-forward.js';
import { smartReply } from './commands/smart-reply.js';
import { sync } from './commands/sync/sync.js';
import { validateCert } from './commands/validate-cert.js';
import type { Answer, Exchange } from './exchange.js';
import { isSince, isUntil, type ProtocolVersion } from './versions.js';

export interface Command {
  /** Absent: neither request nor answer is WBXML, and a refusal is an HTTP code. */
  root: Tag | undefined;
  /** The Status element of the same page: what a refusal of the whole command is written in. */
  status: Tag | undefined;
  /** The first and the last version that has it; in others it is refused as one that this server has no part for. */
  since?: ProtocolVersion;
  until?: ProtocolVersion;
  /** Up to this version the body is a mail as it is, message/rfc822, and a refusal is an HTTP code. */
  rawUntil?: ProtocolVersion;
  /** The values of it that refuse nothing. */
  successes: readonly string[];
  /** MS-ASPROV 3.2.5.1: everything but Ping, Provision and OPTIONS needs the policy key. */
  needsPolicyKey: boolean;
  /** A quarantined device is answered. */
  mayRunQuarantined: boolean;
  /** A request without body is legal: the last one is meant again, or nothing is asked. */
  mayBeEmpty: boolean;
  /** Absent: a command of the protocol that this server has no part for, answered with Status 137. */
  run?: (exchange: Exchange) => Answer | Promise<Answer>;
}

const row = { successes: ['1'], needsPolicyKey: true, mayRunQuarantined: false, mayBeEmpty: false };

const commandTable: Readonly<Record<string, Command>> = {
  Sync: {
    ...row,
    root: AirSync.Sync,
    status: AirSync.Status,
    mayRunQuarantined: true,
    mayBeEmpty: true,
    run: sync,
  },
  FolderSync: {
    ...row,
    root: FolderHierarchy.FolderSync,
    status: FolderHierarchy.Status,
    mayRunQuarantined: true,
    run: folderSync,
  },
  GetItemEstimate: {
    ...row,
    root: GetItemEstimate.GetItemEstimate,
    status: GetItemEstimate.Status,
    mayRunQuarantined: true,
    run: getItemEstimate,
  },
  MoveItems: {
    ...row,
    root: Move.MoveItems,
    status: Move.Status,
    successes: ['3'],
    mayRunQuarantined: true,
    run: moveItems,
  },
  Ping: {
    ...row,
    root: Ping.Ping,
    status: Ping.Status,
    successes: ['1', '2'],
    needsPolicyKey: false,
    mayRunQuarantined: true,
    mayBeEmpty: true,
    run: ping,
  },
  Provision: {
    ...row,
    root: Provision.Provision,
    status: Provision.Status,
    needsPolicyKey: false,
    mayRunQuarantined: true,
    mayBeEmpty: true,
    run: provision,
  },
  Settings: { ...row, root: Settings.Settings, status: Settings.Status, mayRunQuarantined: true, run: settings },

  FolderCreate: { ...row, root: FolderHierarchy.FolderCreate, status: FolderHierarchy.Status, run: folderCreate },
  FolderDelete: { ...row, root: FolderHierarchy.FolderDelete, status: FolderHierarchy.Status, run: folderDelete },
  FolderUpdate: { ...row, root: FolderHierarchy.FolderUpdate, status: FolderHierarchy.Status, run: folderUpdate },
  ItemOperations: {
    ...row,
    root: ItemOperations.ItemOperations,
    status: ItemOperations.Status,
    run: itemOperations,
  },
  // MS-ASCMD 2.2.1.7 GetAttachment: asks in parameters, and Fetch of ItemOperations has taken its place.
  GetAttachment: { ...row, root: undefined, status: undefined, until: '12.1', mayBeEmpty: true, run: getAttachment },
  Search: { ...row, root: Search.Search, status: Search.Status, run: search },
  Find: { ...row, root: Find.Find, status: Find.Status, since: '16.1', run: find },
  SendMail: { ...row, root: ComposeMail.SendMail, status: ComposeMail.Status, rawUntil: '12.1', run: sendMail },
  SmartReply: { ...row, root: ComposeMail.SmartReply, status: ComposeMail.Status, rawUntil: '12.1', run: smartReply },
  SmartForward: {
    ...row,
    root: ComposeMail.SmartForward,
    status: ComposeMail.Status,
    rawUntil: '12.1',
    run: smartForward,
  },
  ResolveRecipients: {
    ...row,
    root: ResolveRecipients.ResolveRecipients,
    status: ResolveRecipients.Status,
    run: resolveRecipients,
  },
  ValidateCert: { ...row, root: ValidateCert.ValidateCert, status: ValidateCert.Status, run: validateCert },
  MeetingResponse: {
    ...row,
    root: MeetingResponse.MeetingResponse,
    status: MeetingResponse.Status,
    run: meetingResponse,
  },
};

/** By the name on the wire, which may be that of anything an object has by itself. */
export function findCommand(name: string): Command | undefined {
  return Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
}

/** Whether that version has the command. */
export function isPartOf({ since, until }: Command, version: ProtocolVersion): boolean {
  return (since === undefined || isSince(version, since)) && (until === undefined || isUntil(version, until));
}

/** Whether the body is a mail as it is, message/rfc822. */
export function isRaw({ rawUntil }: Command, version: ProtocolVersion): boolean {
  return rawUntil !== undefined && isUntil(version, rawUntil);
}

/** Whether a refusal can be said in WBXML at all. */
export function isWrittenIn(command: Command, version: ProtocolVersion): boolean {
  return command.root !== undefined && !isRaw(command, version);
}

/** What OPTIONS offers: the commands that run. MS-ASHTTP 2.2.3.1.2 MS-ASProtocolCommands */
export const offeredCommands = Object.keys(commandTable).filter((name) => commandTable[name]?.run);
