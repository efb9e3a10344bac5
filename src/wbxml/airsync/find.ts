// The tags of code page 25.
// MS-ASWBXML 2.1.2.1.26 Code Page 25: Find

export const Find = {
  Find: 0x1905,
  SearchId: 0x1906,
  ExecuteSearch: 0x1907,
  MailBoxSearchCriterion: 0x1908,
  Query: 0x1909,
  Status: 0x190a,
  FreeText: 0x190b,
  Options: 0x190c,
  Range: 0x190d,
  DeepTraversal: 0x190e,
  Response: 0x1911,
  Result: 0x1912,
  Properties: 0x1913,
  Preview: 0x1914,
  HasAttachments: 0x1915,
  Total: 0x1916,
  DisplayCc: 0x1917,
  DisplayBcc: 0x1918,
  GALSearchCriterion: 0x1919,
  MaxPictures: 0x1920,
  MaxSize: 0x1921,
  Picture: 0x1922,
} as const;
