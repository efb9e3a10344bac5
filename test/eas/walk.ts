// A walk over all commands: for each of them requests as devices write them, and every one of these again with each of its
// elements left out, doubled, emptied or holding something else.

import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Find } from '../../src/wbxml/airsync/find.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { GetItemEstimate } from '../../src/wbxml/airsync/get-item-estimate.js';
import { ItemOperations } from '../../src/wbxml/airsync/item-operations.js';
import { MeetingResponse } from '../../src/wbxml/airsync/meeting-response.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { ResolveRecipients } from '../../src/wbxml/airsync/resolve-recipients.js';
import { Search } from '../../src/wbxml/airsync/search.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { ValidateCert } from '../../src/wbxml/airsync/validate-cert.js';
import { children, type Element, element as el } from '../../src/wbxml/element.js';
import { mark } from '../fuzz/live.js';
import { addText } from './talking-device.js';

const mime = Buffer.from('To: bo@example.com\r\nSubject: Hello\r\n\r\nUntil tomorrow\r\n');
const plain = el(AirSyncBase.BodyPreference, [el(AirSyncBase.Type, '1'), el(AirSyncBase.TruncationSize, '100')]);
const html = el(AirSyncBase.BodyPreference, [el(AirSyncBase.Type, '2'), el(AirSyncBase.Preview, '20')]);
const wholeMail = el(AirSyncBase.BodyPreference, [el(AirSyncBase.Type, '4')]);

const sync = (...content: Element[]) =>
  el(AirSync.Sync, [
    el(AirSync.Collections, [
      el(AirSync.Collection, [el(AirSync.SyncKey, mark.syncKey), el(AirSync.CollectionId, '1'), ...content]),
    ]),
  ]);
const options = (name: string, ...preferences: Element[]) =>
  el(AirSync.Options, [el(AirSync.FilterType, '3'), el(AirSync.Class, name), ...preferences]);

const provision = (...policy: Element[]) =>
  el(Provision.Provision, [
    el(Provision.Policies, [el(Provision.Policy, [el(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML'), ...policy])]),
  ]);

const settings = (...content: Element[]) => el(Settings.Settings, content);
const source = el(ComposeMail.Source, [el(ComposeMail.FolderId, '1'), el(ComposeMail.ItemId, mark.item)]);
const composed = (root: number, ...content: Element[]) =>
  el(root, [el(ComposeMail.ClientId, 'walk'), ...content, el(ComposeMail.SaveInSentItems), el(ComposeMail.Mime, mime)]);

/** As devices write them, by command. Marks stand for what the server issued. */
export const requests: Readonly<Record<string, readonly Element[]>> = {
  Sync: [
    sync(el(AirSync.Options, [plain])),
    sync(el(AirSync.GetChanges), el(AirSync.WindowSize, '2'), options('Email', html), options('SMS', plain)),
    sync(
      el(AirSync.DeletesAsMoves, '1'),
      options('Email', wholeMail),
      el(AirSync.Commands, [addText({ clientId: 'a' })]),
    ),
    sync(
      el(AirSync.Commands, [
        el(AirSync.Change, [el(AirSync.ServerId, mark.item), el(AirSync.ApplicationData, [el(Email.Read, '1')])]),
        el(AirSync.Fetch, [el(AirSync.ServerId, mark.item)]),
        el(AirSync.Delete, [el(AirSync.ServerId, mark.item)]),
      ]),
    ),
  ],
  FolderSync: [
    el(FolderHierarchy.FolderSync, [el(FolderHierarchy.SyncKey, '0')]),
    el(FolderHierarchy.FolderSync, [el(FolderHierarchy.SyncKey, mark.hierarchyKey)]),
  ],
  FolderCreate: [
    el(FolderHierarchy.FolderCreate, [
      el(FolderHierarchy.SyncKey, mark.hierarchyKey),
      el(FolderHierarchy.ParentId, '0'),
      el(FolderHierarchy.DisplayName, 'Walk'),
      el(FolderHierarchy.Type, '12'),
    ]),
  ],
  FolderUpdate: [
    el(FolderHierarchy.FolderUpdate, [
      el(FolderHierarchy.SyncKey, mark.hierarchyKey),
      el(FolderHierarchy.ServerId, '11'),
      el(FolderHierarchy.ParentId, '0'),
      el(FolderHierarchy.DisplayName, 'Walked'),
    ]),
  ],
  FolderDelete: [
    el(FolderHierarchy.FolderDelete, [
      el(FolderHierarchy.SyncKey, mark.hierarchyKey),
      el(FolderHierarchy.ServerId, '12'),
    ]),
  ],
  GetItemEstimate: [
    el(GetItemEstimate.GetItemEstimate, [
      el(GetItemEstimate.Collections, [
        el(GetItemEstimate.Collection, [
          el(AirSync.SyncKey, mark.syncKey),
          el(GetItemEstimate.CollectionId, '1'),
          el(AirSync.Options, [el(AirSync.FilterType, '0'), el(AirSync.Class, 'Email')]),
        ]),
      ]),
    ]),
  ],
  MoveItems: [
    el(Move.MoveItems, [el(Move.Move, [el(Move.SrcMsgId, mark.item), el(Move.SrcFldId, '1'), el(Move.DstFldId, '3')])]),
  ],
  Ping: [
    el(Ping.Ping, [
      el(Ping.HeartbeatInterval, '300'),
      el(Ping.Folders, [el(Ping.Folder, [el(Ping.Id, '1'), el(Ping.Class, 'Email')])]),
    ]),
  ],
  Provision: [
    el(Provision.Provision, []),
    provision(),
    provision(el(Provision.PolicyKey, mark.policyKey), el(Provision.Status, '1')),
    el(Provision.Provision, [
      el(Settings.DeviceInformation, [el(Settings.Set, [el(Settings.Model, 'Walker'), el(Settings.OS, 'Walk 1')])]),
      ...children(provision()),
    ]),
    el(Provision.Provision, [el(Provision.RemoteWipe, [el(Provision.Status, '1')])]),
  ],
  Settings: [
    settings(
      el(Settings.DeviceInformation, [
        el(Settings.Set, [el(Settings.PhoneNumber, '+447700900123'), el(Settings.EnableOutboundSMS, '1')]),
      ]),
    ),
    settings(el(Settings.Oof, [el(Settings.Get, [el(Settings.BodyType, 'Text')])])),
    settings(
      el(Settings.Oof, [
        el(Settings.Set, [
          el(Settings.OofState, '1'),
          el(Settings.OofMessage, [
            el(Settings.AppliesToInternal),
            el(Settings.Enabled, '1'),
            el(Settings.ReplyMessage, 'Away'),
            el(Settings.BodyType, 'Text'),
          ]),
        ]),
      ]),
    ),
    settings(el(Settings.UserInformation, [el(Settings.Get)])),
    settings(el(Settings.DevicePassword, [el(Settings.Set, [el(Settings.Password, '1234')])])),
    settings(el(Settings.RightsManagementInformation, [el(Settings.Get)])),
  ],
  SendMail: [composed(ComposeMail.SendMail)],
  SmartReply: [composed(ComposeMail.SmartReply, source)],
  SmartForward: [composed(ComposeMail.SmartForward, source)],
  ItemOperations: [
    el(ItemOperations.ItemOperations, [
      el(ItemOperations.Fetch, [
        el(ItemOperations.Store, 'Mailbox'),
        el(AirSync.CollectionId, '1'),
        el(AirSync.ServerId, mark.item),
        el(ItemOperations.Options, [plain]),
      ]),
    ]),
    el(ItemOperations.ItemOperations, [
      el(ItemOperations.EmptyFolderContents, [
        el(AirSync.CollectionId, '3'),
        el(ItemOperations.Options, [el(ItemOperations.DeleteSubFolders)]),
      ]),
    ]),
    el(ItemOperations.ItemOperations, [
      el(ItemOperations.Fetch, [el(ItemOperations.Store, 'Mailbox'), el(AirSyncBase.FileReference, '1')]),
    ]),
  ],
  Search: [
    el(Search.Search, [
      el(Search.Store, [
        el(Search.Name, 'Mailbox'),
        el(Search.Query, [
          el(Search.And, [el(AirSync.Class, 'Email'), el(AirSync.CollectionId, '1'), el(Search.FreeText, 'first')]),
        ]),
        el(Search.Options, [el(Search.RebuildResults), el(Search.Range, '0-4'), plain]),
      ]),
    ]),
    el(Search.Search, [
      el(Search.Store, [
        el(Search.Name, 'GAL'),
        el(Search.Query, 'ann'),
        el(Search.Options, [el(Search.Range, '0-9')]),
      ]),
    ]),
  ],
  Find: [
    el(Find.Find, [
      el(Find.SearchId, '9'),
      el(Find.ExecuteSearch, [
        el(Find.MailBoxSearchCriterion, [
          el(Find.Query, [el(AirSync.Class, 'Email'), el(AirSync.CollectionId, '1'), el(Find.FreeText, 'first')]),
          el(Find.Options, [el(Find.Range, '0-4')]),
        ]),
      ]),
    ]),
    el(Find.Find, [
      el(Find.SearchId, '9'),
      el(Find.ExecuteSearch, [
        el(Find.GALSearchCriterion, [el(Find.Query, 'ann'), el(Find.Options, [el(Find.Range, '0-4')])]),
      ]),
    ]),
  ],
  ResolveRecipients: [
    el(ResolveRecipients.ResolveRecipients, [
      el(ResolveRecipients.To, 'ann'),
      el(ResolveRecipients.To, 'nobody'),
      el(ResolveRecipients.Options, [
        el(ResolveRecipients.CertificateRetrieval, '2'),
        el(ResolveRecipients.MaxAmbiguousRecipients, '5'),
        el(ResolveRecipients.Availability, [
          el(ResolveRecipients.StartTime, '2026-01-28T12:00:00.000Z'),
          el(ResolveRecipients.EndTime, '2026-01-28T14:00:00.000Z'),
        ]),
      ]),
    ]),
  ],
  ValidateCert: [
    el(ValidateCert.ValidateCert, [
      el(ValidateCert.Certificates, [el(ValidateCert.Certificate, 'MIIB')]),
      el(ValidateCert.CheckCrl, '0'),
    ]),
  ],
  MeetingResponse: [
    el(MeetingResponse.MeetingResponse, [
      el(MeetingResponse.Request, [
        el(MeetingResponse.UserResponse, '1'),
        el(MeetingResponse.CollectionId, '1'),
        el(MeetingResponse.RequestId, mark.item),
      ]),
    ]),
  ],
  // Asks in parameters and has no document.
  GetAttachment: [],
};

type Wrong = (element: Element) => Element | readonly Element[];

const wrongs: Readonly<Record<string, Wrong>> = {
  absent: () => [],
  doubled: (element) => [element, element],
  empty: ({ tag }) => ({ tag, content: undefined }),
  'of another type': (element) =>
    children(element).length > 0
      ? { tag: element.tag, content: 'nonsense' }
      : { tag: element.tag, content: [el(AirSync.Class, 'x')] },
  'a number out of range': ({ tag }) => ({ tag, content: '99999999999' }),
  'opaque octets': ({ tag }) => ({ tag, content: Uint8Array.of(0, 255, 1) }),
};

export interface Stop {
  /** Of which request and what is wrong with it: `Sync 2: element 4 is empty`. */
  name: string;
  command: string;
  body: Element | undefined;
}

/** Every request of a command: as it should be, and with one thing wrong. */
export function walkOf(command: string): Stop[] {
  const trees = requests[command] ?? [];
  const right = trees.map((body, index) => ({ name: `${command} ${index + 1}`, command, body }));
  const wrong = trees.flatMap((body, index) =>
    Array.from({ length: countOf(body) - 1 }, (_, at) => at + 1).flatMap((at) =>
      Object.entries(wrongs).map(([what, change]) => ({
        name: `${command} ${index + 1}: element ${at} is ${what}`,
        command,
        body: changedAt(body, { left: at }, change)[0],
      })),
    ),
  );
  return [...right, { name: `${command} without body`, command, body: undefined }, ...wrong];
}

function countOf(element: Element): number {
  return children(element).reduce((sum, each) => sum + countOf(each), 1);
}

function changedAt(element: Element, counter: { left: number }, change: Wrong): readonly Element[] {
  if (counter.left-- === 0) {
    const changed = change(element);
    return 'tag' in changed ? [changed] : changed;
  }
  const inner = children(element);
  if (inner.length === 0) return [element];
  return [{ tag: element.tag, content: inner.flatMap((each) => changedAt(each, counter, change)) }];
}
