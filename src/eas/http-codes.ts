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
  [CommonStatus.DeviceNotFullyProvisionable]: 403,
  [CommonStatus.RemoteWipeRequested]: 449,
  [CommonStatus.LegacyDeviceOnStrictPolicy]: 449,
  [CommonStatus.DeviceNotProvisioned]: 449,
  [CommonStatus.PolicyRefresh]: 449,
  [CommonStatus.InvalidPolicyKey]: 449,
  [CommonStatus.ExternallyManagedDevicesNotAllowed]: 403,
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
  /** 140 is 403 to a device that sends no key at all, because it would not understand 449. */
  hasPolicyKey: boolean;
}

export function httpCodeOf({ command, status, hasPolicyKey }: Refused): number {
  if (status === CommonStatus.RemoteWipeRequested && !hasPolicyKey) return 403;
  return ofCommand[command]?.[status] ?? codes[status] ?? otherwise;
}

/** Statuses of commands begin at 1, those that any command may answer above this. */
export function isCommonStatus(status: number): boolean {
  return status > 100;
}
