// The tags of code page 7.
// MS-ASWBXML 2.1.2.1.8 Code Page 7: FolderHierarchy

export const FolderHierarchy = {
  Folders: 0x0705,
  Folder: 0x0706,
  DisplayName: 0x0707,
  ServerId: 0x0708,
  ParentId: 0x0709,
  Type: 0x070a,
  Status: 0x070c,
  Changes: 0x070e,
  Add: 0x070f,
  Delete: 0x0710,
  Update: 0x0711,
  SyncKey: 0x0712,
  FolderCreate: 0x0713,
  FolderDelete: 0x0714,
  FolderUpdate: 0x0715,
  FolderSync: 0x0716,
  Count: 0x0717,
} as const;
