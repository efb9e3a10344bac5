// The tags of code page 13.
// MS-ASWBXML 2.1.2.1.14 Code Page 13: Ping

export const Ping = {
  Ping: 0x0d05,
  Status: 0x0d07,
  HeartbeatInterval: 0x0d08,
  Folders: 0x0d09,
  Folder: 0x0d0a,
  Id: 0x0d0b,
  Class: 0x0d0c,
  MaxFolders: 0x0d0d,
} as const;

// Tags of protocol 2.5 that old devices still send: read, never written.
export const PingLegacy = {
  AutdState: 0x0d06,
} as const;
