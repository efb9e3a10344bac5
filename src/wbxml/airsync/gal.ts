// The tags of code page 16.
// MS-ASWBXML 2.1.2.1.17 Code Page 16: GAL

export const GAL = {
  DisplayName: 0x1005,
  Phone: 0x1006,
  Office: 0x1007,
  Title: 0x1008,
  Company: 0x1009,
  Alias: 0x100a,
  FirstName: 0x100b,
  LastName: 0x100c,
  HomePhone: 0x100d,
  MobilePhone: 0x100e,
  EmailAddress: 0x100f,
  Picture: 0x1010,
  Status: 0x1011,
  Data: 0x1012,
} as const;
