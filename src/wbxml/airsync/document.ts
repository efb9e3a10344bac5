// The ActiveSync document type: its 25 code pages, page 3 unused.
// MS-ASWBXML 2.1.2.1 Code Pages

import { documentType } from '../document-type.js';
import { AirSync, AirSyncLegacy } from './air-sync.js';
import { AirSyncBase } from './air-sync-base.js';
import { Calendar } from './calendar.js';
import { ComposeMail } from './compose-mail.js';
import { Contacts } from './contacts.js';
import { Contacts2 } from './contacts2.js';
import { DocumentLibrary } from './document-library.js';
import { Email, EmailLegacy } from './email.js';
import { Email2 } from './email2.js';
import { Find } from './find.js';
import { FolderHierarchy } from './folder-hierarchy.js';
import { GAL } from './gal.js';
import { GetItemEstimate, GetItemEstimateLegacy } from './get-item-estimate.js';
import { ItemOperations } from './item-operations.js';
import { MeetingResponse } from './meeting-response.js';
import { Move } from './move.js';
import { Notes } from './notes.js';
import { Ping, PingLegacy } from './ping.js';
import { Provision } from './provision.js';
import { ResolveRecipients } from './resolve-recipients.js';
import { RightsManagement } from './rights-management.js';
import { Search } from './search.js';
import { Settings } from './settings.js';
import { Tasks } from './tasks.js';
import { ValidateCert } from './validate-cert.js';

export const AirSyncDocument = documentType([
  { page: 0, namespace: 'AirSync', tags: AirSync, legacy: AirSyncLegacy },
  { page: 1, namespace: 'Contacts', tags: Contacts },
  { page: 2, namespace: 'Email', tags: Email, legacy: EmailLegacy },
  { page: 4, namespace: 'Calendar', tags: Calendar },
  { page: 5, namespace: 'Move', tags: Move },
  { page: 6, namespace: 'GetItemEstimate', tags: GetItemEstimate, legacy: GetItemEstimateLegacy },
  { page: 7, namespace: 'FolderHierarchy', tags: FolderHierarchy },
  { page: 8, namespace: 'MeetingResponse', tags: MeetingResponse },
  { page: 9, namespace: 'Tasks', tags: Tasks },
  { page: 10, namespace: 'ResolveRecipients', tags: ResolveRecipients },
  { page: 11, namespace: 'ValidateCert', tags: ValidateCert },
  { page: 12, namespace: 'Contacts2', tags: Contacts2 },
  { page: 13, namespace: 'Ping', tags: Ping, legacy: PingLegacy },
  { page: 14, namespace: 'Provision', tags: Provision },
  { page: 15, namespace: 'Search', tags: Search },
  { page: 16, namespace: 'GAL', tags: GAL },
  { page: 17, namespace: 'AirSyncBase', tags: AirSyncBase },
  { page: 18, namespace: 'Settings', tags: Settings },
  { page: 19, namespace: 'DocumentLibrary', tags: DocumentLibrary },
  { page: 20, namespace: 'ItemOperations', tags: ItemOperations },
  { page: 21, namespace: 'ComposeMail', tags: ComposeMail },
  { page: 22, namespace: 'Email2', tags: Email2 },
  { page: 23, namespace: 'Notes', tags: Notes },
  { page: 24, namespace: 'RightsManagement', tags: RightsManagement },
  { page: 25, namespace: 'Find', tags: Find },
]);
