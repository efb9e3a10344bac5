// The tags of code page 23.
// MS-ASWBXML 2.1.2.1.24 Code Page 23: Notes

export const Notes = {
  Subject: 0x1705,
  MessageClass: 0x1706,
  LastModifiedDate: 0x1707,
  Categories: 0x1708,
  Category: 0x1709,
} as const;
