// The document types of Nokia's and Ericsson's settings by text message.
// Nokia/Ericsson Over The Air Settings Specification 7.0

import { documentType } from '../document-type.js';
import { SettingsPage } from './settings-page.js';

export const Ota = {
  'CHARACTERISTIC-LIST': 0x0005,
  CHARACTERISTIC: 0x0006,
  PARM: 0x0007,
} as const;

// WBXML 1.1, public id 1 (unknown), UTF-8, no string table.
const header = Uint8Array.of(0x01, 0x01, 0x6a, 0x00);

/** Browser settings and bookmarks. */
export const OtaDocument = documentType([{ page: 0, namespace: '', tags: Ota }], {
  header,
  attributes: [SettingsPage],
});

// Nokia OTA SyncML Settings 1.0; the tokens are told by one program alone, whose run of names is alphabetical.
export const SyncSet = {
  Addr: 0x0005,
  AddrType: 0x0006,
  Auth: 0x0007,
  AuthLevel: 0x0008,
  AuthScheme: 0x0009,
  Bearer: 0x000a,
  ConRef: 0x000b,
  ConType: 0x000c,
  Cred: 0x000d,
  CTType: 0x000e,
  CTVer: 0x000f,
  HostAddr: 0x0010,
  Name: 0x0011,
  Port: 0x0012,
  RefID: 0x0013,
  RemoteDB: 0x0014,
  SyncSettings: 0x0015,
  URI: 0x0016,
  Username: 0x0017,
  Version: 0x0018,
} as const;

/** SyncML settings. It has no attributes, and blanks between its tags mean nothing. */
export const SyncSetDocument = documentType([{ page: 0, namespace: '', tags: SyncSet }], { header, attributes: [] });
