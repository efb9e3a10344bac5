// The tags of code page 24.
// MS-ASWBXML 2.1.2.1.25 Code Page 24: RightsManagement

export const RightsManagement = {
  RightsManagementSupport: 0x1805,
  RightsManagementTemplates: 0x1806,
  RightsManagementTemplate: 0x1807,
  RightsManagementLicense: 0x1808,
  EditAllowed: 0x1809,
  ReplyAllowed: 0x180a,
  ReplyAllAllowed: 0x180b,
  ForwardAllowed: 0x180c,
  ModifyRecipientsAllowed: 0x180d,
  ExtractAllowed: 0x180e,
  PrintAllowed: 0x180f,
  ExportAllowed: 0x1810,
  ProgrammaticAccessAllowed: 0x1811,
  Owner: 0x1812,
  ContentExpiryDate: 0x1813,
  TemplateID: 0x1814,
  TemplateName: 0x1815,
  TemplateDescription: 0x1816,
  ContentOwner: 0x1817,
  RemoveRightsManagementProtection: 0x1818,
} as const;
