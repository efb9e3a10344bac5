// The tags of code page 0.
// MS-ASWBXML 2.1.2.1.1 Code Page 0: AirSync

export const AirSync = {
  Sync: 0x0005,
  Responses: 0x0006,
  Add: 0x0007,
  Change: 0x0008,
  Delete: 0x0009,
  Fetch: 0x000a,
  SyncKey: 0x000b,
  ClientId: 0x000c,
  ServerId: 0x000d,
  Status: 0x000e,
  Collection: 0x000f,
  Class: 0x0010,
  CollectionId: 0x0012,
  GetChanges: 0x0013,
  MoreAvailable: 0x0014,
  WindowSize: 0x0015,
  Commands: 0x0016,
  Options: 0x0017,
  FilterType: 0x0018,
  Conflict: 0x001b,
  Collections: 0x001c,
  ApplicationData: 0x001d,
  DeletesAsMoves: 0x001e,
  Supported: 0x0020,
  SoftDelete: 0x0021,
  MIMESupport: 0x0022,
  MIMETruncation: 0x0023,
  Wait: 0x0024,
  Limit: 0x0025,
  Partial: 0x0026,
  ConversationMode: 0x0027,
  MaxItems: 0x0028,
  HeartbeatInterval: 0x0029,
} as const;

// Tags of protocol 2.5 that old devices still send: read, never written.
export const AirSyncLegacy = {
  Version: 0x0011,
  Truncation: 0x0019,
  RTFTruncation: 0x001a,
  NotifyGUID: 0x001f,
} as const;
