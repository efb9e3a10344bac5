// The tags of code page 1.
// SyncML Meta-Information 1.1: WBXML Definition; the last one is of 1.2

export const MetInf = {
  Anchor: 0x0105,
  EMI: 0x0106,
  Format: 0x0107,
  FreeID: 0x0108,
  FreeMem: 0x0109,
  Last: 0x010a,
  Mark: 0x010b,
  MaxMsgSize: 0x010c,
  Mem: 0x010d,
  MetInf: 0x010e,
  Next: 0x010f,
  NextNonce: 0x0110,
  SharedMem: 0x0111,
  Size: 0x0112,
  Type: 0x0113,
  Version: 0x0114,
  MaxObjSize: 0x0115,
  FieldLevel: 0x0116,
} as const;
