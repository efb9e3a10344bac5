// The tags of code page 21.
// MS-ASWBXML 2.1.2.1.22 Code Page 21: ComposeMail

export const ComposeMail = {
  SendMail: 0x1505,
  SmartForward: 0x1506,
  SmartReply: 0x1507,
  SaveInSentItems: 0x1508,
  ReplaceMime: 0x1509,
  Source: 0x150b,
  FolderId: 0x150c,
  ItemId: 0x150d,
  LongId: 0x150e,
  InstanceId: 0x150f,
  Mime: 0x1510,
  ClientId: 0x1511,
  Status: 0x1512,
  AccountId: 0x1513,
  Forwardees: 0x1515,
  Forwardee: 0x1516,
  ForwardeeName: 0x1517,
  ForwardeeEmail: 0x1518,
} as const;
