// The tags of code page 19.
// MS-ASWBXML 2.1.2.1.20 Code Page 19: DocumentLibrary

export const DocumentLibrary = {
  LinkId: 0x1305,
  DisplayName: 0x1306,
  IsFolder: 0x1307,
  CreationDate: 0x1308,
  LastModifiedDate: 0x1309,
  IsHidden: 0x130a,
  ContentLength: 0x130b,
  ContentType: 0x130c,
} as const;
