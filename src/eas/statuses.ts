// Statuses of answers, per command even where numbers agree.

// MS-ASCMD 2.2.2 Common Status Codes
export const CommonStatus = {
  InvalidContent: 101,
  InvalidWBXML: 102,
  InvalidXML: 103,
  InvalidDateTime: 104,
  InvalidCombinationOfIDs: 105,
  InvalidMIME: 107,
  DeviceIdMissingOrInvalid: 108,
  DeviceTypeMissingOrInvalid: 109,
  ServerError: 110,
  ServerErrorRetryLater: 111,
  SendQuotaExceeded: 115,
  MessageRecipientUnresolved: 116,
  MessagePreviouslySent: 118,
  MessageHasNoRecipient: 119,
  MailSubmissionFailed: 120,
  AttachmentIsTooLarge: 122,
  DeviceIsBlockedForThisUser: 129,
  CommandNotSupported: 137,
  VersionNotSupported: 138,
  DeviceNotFullyProvisionable: 139,
  RemoteWipeRequested: 140, // told more in Provision
  LegacyDeviceOnStrictPolicy: 141,
  DeviceNotProvisioned: 142,
  PolicyRefresh: 143,
  InvalidPolicyKey: 144,
  ExternallyManagedDevicesNotAllowed: 145,
  NoRecurrenceInCalendar: 146,
  ItemNotFound: 150,
  TooManyFolders: 151,
  AvailabilityFailure: 163, // there is none, and asking again will not help
  BodyPartPreferenceTypeNotSupported: 164, // since 14.1
  DeviceInformationRequired: 165, // since 14.1
  InvalidAccountId: 166, // since 14.1
  IrmFeatureDisabled: 168, // since 14.1
  NoPicture: 173, // since 14.1
  MaximumDevicesReached: 177,
  InvalidMimeBodyCombination: 178, // since 16.0
  InvalidSmartForwardParameters: 179, // since 16.0
} as const;

// MS-ASCMD 2.2.3.177.17 Status (Sync)
export const SyncStatus = {
  Success: 1,
  InvalidSyncKey: 3, // the device starts over with SyncKey 0
  ProtocolError: 4,
  ServerError: 5,
  ConversionError: 6, // item scope: this Add or Change is refused, the rest stands
  Conflict: 7, // item scope: both sides changed it and ours won
  ObjectNotFound: 8,
  FolderHierarchyChanged: 12,
  EmptyRequestNotCached: 13,
  WaitOutOfRange: 14, // with Limit
  TooManyCollections: 15, // with Limit
} as const;

// MS-ASCMD 2.2.3.177.2 Status (FolderCreate)
export const FolderCreateStatus = {
  Success: 1,
  AlreadyExists: 2,
  SpecialFolder: 3, // below a folder that takes none
  ParentNotFound: 5,
  InvalidSyncKey: 9,
  IncorrectlyFormatted: 10, // also: a folder of a type that cannot be made
} as const;

// MS-ASCMD 2.2.3.177.3 Status (FolderDelete)
export const FolderDeleteStatus = {
  Success: 1,
  SpecialFolder: 3,
  NotFound: 4,
  InvalidSyncKey: 9,
  IncorrectlyFormatted: 10,
} as const;

// MS-ASCMD 2.2.3.177.4 Status (FolderSync)
export const FolderSyncStatus = {
  Success: 1,
  InvalidSyncKey: 9, // the device starts over with SyncKey 0
  IncorrectlyFormatted: 10,
} as const;

// MS-ASCMD 2.2.3.177.5 Status (FolderUpdate)
export const FolderUpdateStatus = {
  Success: 1,
  ExistsOrSpecial: 2, // the name is taken, or the folder is one that every mailbox has
  SpecialParent: 3,
  NotFound: 4,
  ParentNotFound: 5,
  InvalidSyncKey: 9,
  IncorrectlyFormatted: 10, // also: below itself
} as const;

// MS-ASCMD 2.2.3.177.6 Status (GetItemEstimate)
export const GetItemEstimateStatus = {
  Success: 1,
  InvalidCollection: 2,
  NotPrimed: 3,
  InvalidSyncKey: 4,
} as const;

// MS-ASCMD 2.2.3.177.9 Status (MeetingResponse)
export const MeetingResponseStatus = {
  InvalidRequest: 2, // what RequestId names is no meeting request
} as const;

// MS-ASCMD 2.2.3.177.10 Status (MoveItems)
export const MoveItemsStatus = {
  InvalidSource: 1,
  InvalidDestination: 2,
  Success: 3,
  SourceIsDestination: 4,
  Failed: 5,
} as const;

// MS-ASCMD 2.2.3.177.11 Status (Ping)
export const PingStatus = {
  HeartbeatExpired: 1,
  Changes: 2,
  MissingParameters: 3,
  SyntaxError: 4,
  HeartbeatOutOfRange: 5, // with the nearest HeartbeatInterval
  TooManyFolders: 6, // with MaxFolders
  FolderSyncRequired: 7,
} as const;

// MS-ASCMD 2.2.3.177.8 Status (ItemOperations)
export const ItemOperationsStatus = {
  Success: 1,
  ProtocolError: 2,
  NotFound: 6,
  RangeInvalid: 8,
  StoreUnknown: 9,
  TooLarge: 11,
  AttachmentInvalid: 15,
  AccessDenied: 16,
  MoveAlwaysMissing: 155,
  DestinationInvalid: 156,
} as const;

// MS-ASCMD 2.2.3.177.13 Status (Search)
export const SearchStatus = {
  Success: 1,
  InvalidRequest: 2,
  NotFound: 6, // there is no document library
  TooComplex: 8,
  FolderSyncRequired: 11,
  EndOfRange: 12,
} as const;

// MS-ASCMD 2.2.3.177.2 Status (Find)
export const FindStatus = {
  Success: 1,
  InvalidRequest: 2,
  FolderSyncRequired: 3,
} as const;

// MS-ASCMD 2.2.3.177.12 Status (ResolveRecipients), child of ResolveRecipients
export const ResolveRecipientsStatus = {
  Success: 1,
  ProtocolError: 5,
} as const;

// MS-ASCMD 2.2.3.177.12 Status (ResolveRecipients), child of Response
export const RecipientStatus = {
  Resolved: 1,
  Ambiguous: 2,
  AmbiguousInPart: 3, // RecipientCount tells how many there are
  NotResolved: 4,
} as const;

// MS-ASCMD 2.2.3.177.12 Status (ResolveRecipients), child of Certificates
export const CertificatesStatus = {
  NoCertificate: 7,
} as const;

// MS-ASCMD 2.2.3.177.15 Status (Settings)
export const SettingsStatus = {
  Success: 1,
  ProtocolError: 2,
  AccessDenied: 3,
  InvalidArguments: 5,
  ConflictingArguments: 6,
  DeniedByPolicy: 7,
} as const;

// MS-ASCMD 2.2.3.177.18 Status (ValidateCert)
export const ValidateCertStatus = {
  Success: 1,
  ProtocolError: 2,
  InvalidSignature: 3,
  UntrustedSource: 4,
  InvalidChain: 5, // also: a certificate that cannot be read
  NotForSigningMail: 6,
  Expired: 7, // or not yet valid
  InconsistentTimes: 8, // one of the chain is out of its time
  ChainUsedWrongly: 9, // one of the chain is none that may issue
  RevocationUnknown: 16,
} as const;

// MS-ASPROV 2.2.2.54.2 Status (Provision), child of Provision
export const ProvisionStatus = {
  Success: 1,
  ProtocolError: 2,
} as const;

// MS-ASPROV 2.2.2.54.1 Status (Policy), child of Policy in an answer
export const PolicyStatus = {
  Success: 1,
  UnknownPolicyType: 3,
  WrongPolicyKey: 5,
} as const;

// MS-ASPROV 2.2.2.54.1 Status (Policy), child of Policy in a request: what the device made of the policy
export const PolicyReport = {
  Applied: 1,
  Partial: 2,
  NotApplied: 3,
  ExternallyManaged: 4,
} as const;

// MS-ASPROV 2.2.2.54.3 Status (RemoteWipe), in a request
export const WipeStatus = {
  Success: '1',
  Failed: '2',
} as const;
