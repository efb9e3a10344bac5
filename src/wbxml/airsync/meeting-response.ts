// The tags of code page 8.
// MS-ASWBXML 2.1.2.1.9 Code Page 8: MeetingResponse

export const MeetingResponse = {
  CalendarId: 0x0805,
  CollectionId: 0x0806,
  MeetingResponse: 0x0807,
  RequestId: 0x0808,
  Request: 0x0809,
  Result: 0x080a,
  Status: 0x080b,
  UserResponse: 0x080c,
  InstanceId: 0x080e,
  ProposedStartTime: 0x0810,
  ProposedEndTime: 0x0811,
  SendResponse: 0x0812,
} as const;
