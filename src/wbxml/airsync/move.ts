// The tags of code page 5.
// MS-ASWBXML 2.1.2.1.6 Code Page 5: Move

export const Move = {
  MoveItems: 0x0505,
  Move: 0x0506,
  SrcMsgId: 0x0507,
  SrcFldId: 0x0508,
  DstFldId: 0x0509,
  Response: 0x050a,
  Status: 0x050b,
  DstMsgId: 0x050c,
} as const;
