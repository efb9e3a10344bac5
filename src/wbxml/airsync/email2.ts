// The tags of code page 22.
// MS-ASWBXML 2.1.2.1.23 Code Page 22: Email2

export const Email2 = {
  UmCallerID: 0x1605,
  UmUserNotes: 0x1606,
  UmAttDuration: 0x1607,
  UmAttOrder: 0x1608,
  ConversationId: 0x1609,
  ConversationIndex: 0x160a,
  LastVerbExecuted: 0x160b,
  LastVerbExecutionTime: 0x160c,
  ReceivedAsBcc: 0x160d,
  Sender: 0x160e,
  CalendarType: 0x160f,
  IsLeapMonth: 0x1610,
  AccountId: 0x1611,
  FirstDayOfWeek: 0x1612,
  MeetingMessageType: 0x1613,
  IsDraft: 0x1615,
  Bcc: 0x1616,
  Send: 0x1617,
} as const;
