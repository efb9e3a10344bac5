// The HTTP codes that say at 12.1 what a Status above 100 says since 14.0.
// MS-ASCMD 2.2.2 Common Status Codes

import { CommonStatus } from './statuses.js';

const codes: Readonly<Record<number, number>> = {
  106: 400, // InvalidIDs
  [CommonStatus.ServerError]: 500,
  [CommonStatus.ServerErrorRetryLater]: 503,
  112: 403, // ActiveDirectoryAccessDenied
  113: 507, // MailboxQuotaExceeded
  114: 503, // MailboxServerOffline
  115: 403, // SendQuotaExceeded
  120: 500, // MailSubmissionFailed
  121: 500, // MessageReplyFailed
  122: 413, // AttachmentIsTooLarge
  123: 403, // UserHasNoMailbox
  124: 403, // UserCannotBeAnonymous
  125: 403, // UserPrincipalCouldNotBeFound
  126: 403, // UserDisabledForSync
  127: 403, // UserOnNewMailboxCannotSync
  128: 403, // UserOnLegacyMailboxCannotSync
  [CommonStatus.DeviceIsBlockedForThisUser]: 403,
  130: 403, // AccessDenied
  131: 403, // AccountDisabled
  132: 403, // SyncStateNotFound
  133: 503, // SyncStateLocked
  [CommonStatus.CommandNotSupported]: 501,
  139: 403, // DeviceNotFullyProvisionable
  140: 449, // RemoteWipeRequested
  141: 449, // LegacyDeviceOnStrictPolicy
  [CommonStatus.DeviceNotProvisioned]: 449,
  143: 449, // PolicyRefresh
  [CommonStatus.InvalidPolicyKey]: 449,
  145: 403, // ExternallyManagedDevicesNotAllowed
  147: 501, // UnexpectedItemClass
  150: 500, // ItemNotFound: GetAttachment of what is gone
  167: 403, // AccountSendDisabled
  [CommonStatus.MaximumDevicesReached]: 403,
};

const ofCommand: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  SendMail: { 106: 500 },
  Provision: { 132: 500 },
};

/** What no row names is a fault of the request. */
const otherwise = 400;

export interface Refused {
  /** The name on the wire. */
  command: string;
  status: number;
  /** 140 is 403 to a device that never had a key, because it would not understand 449. */
  hasPolicyKey: boolean;
}

export function httpCodeOf({ command, status, hasPolicyKey }: Refused): number {
  if (status === wipeRequested && !hasPolicyKey) return 403;
  return ofCommand[command]?.[status] ?? codes[status] ?? otherwise;
}

const wipeRequested = 140;

/** Statuses of commands begin at 1, those that any command may answer above this. */
export function isCommonStatus(status: number): boolean {
  return status > 100;
}
