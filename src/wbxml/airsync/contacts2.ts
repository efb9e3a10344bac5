// The tags of code page 12.
// MS-ASWBXML 2.1.2.1.13 Code Page 12: Contacts2

export const Contacts2 = {
  CustomerId: 0x0c05,
  GovernmentId: 0x0c06,
  IMAddress: 0x0c07,
  IMAddress2: 0x0c08,
  IMAddress3: 0x0c09,
  ManagerName: 0x0c0a,
  CompanyMainPhone: 0x0c0b,
  AccountName: 0x0c0c,
  NickName: 0x0c0d,
  MMS: 0x0c0e,
} as const;
