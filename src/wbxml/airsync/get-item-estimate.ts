// The tags of code page 6.
// MS-ASWBXML 2.1.2.1.7 Code Page 6: GetItemEstimate

export const GetItemEstimate = {
  GetItemEstimate: 0x0605,
  Collections: 0x0607,
  Collection: 0x0608,
  Class: 0x0609,
  CollectionId: 0x060a,
  Estimate: 0x060c,
  Response: 0x060d,
  Status: 0x060e,
} as const;

// Tags of protocol 2.5 that old devices still send: read, never written.
export const GetItemEstimateLegacy = {
  Version: 0x0606,
  DateTime: 0x060b,
} as const;
