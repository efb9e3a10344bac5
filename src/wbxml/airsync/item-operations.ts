// The tags of code page 20.
// MS-ASWBXML 2.1.2.1.21 Code Page 20: ItemOperations

export const ItemOperations = {
  ItemOperations: 0x1405,
  Fetch: 0x1406,
  Store: 0x1407,
  Options: 0x1408,
  Range: 0x1409,
  Total: 0x140a,
  Properties: 0x140b,
  Data: 0x140c,
  Status: 0x140d,
  Response: 0x140e,
  Version: 0x140f,
  Schema: 0x1410,
  Part: 0x1411,
  EmptyFolderContents: 0x1412,
  DeleteSubFolders: 0x1413,
  UserName: 0x1414,
  Password: 0x1415,
  Move: 0x1416,
  DstFldId: 0x1417,
  ConversationId: 0x1418,
  MoveAlways: 0x1419,
} as const;
