// The statuses a phone acts on. Any other is a refusal that it reports.

import { PhoneError } from './errors.js';
import type { PhoneErrorCode } from './errors.js';

// MS-ASCMD 2.2.3.177.17 Status (Sync)
export const SyncStatus = {
  Success: 1,
  InvalidSyncKey: 3, // the phone starts over with key 0
  ServerError: 5,
  ObjectNotFound: 8,
  FolderHierarchyChanged: 12,
  Retry: 16,
} as const;

// MS-ASCMD 2.2.3.177.4 Status (FolderSync)
export const FolderSyncStatus = {
  Success: 1,
  InvalidSyncKey: 9,
} as const;

// MS-ASCMD 2.2.3.177.11 Status (Ping)
export const PingStatus = {
  HeartbeatExpired: 1,
  Changes: 2,
  MissingParameters: 3, // an empty Ping, and the server remembers no folders for it
  HeartbeatOutOfRange: 5,
  TooManyFolders: 6,
  FolderSyncNeeded: 7,
} as const;

// MS-ASCMD 2.2.3.177.10 Status (MoveItems)
export const MoveItemsStatus = {
  InvalidSource: 1,
  Success: 3,
} as const;

// MS-ASPROV 2.2.2.54.2 Status (Provision)
export const ProvisionStatus = {
  Success: 1,
  NoPolicy: 2, // of a Policy: nothing to obey, and no key
} as const;

// MS-ASCMD 2.2.3.177.15 Status (Settings)
export const SettingsStatus = { Success: 1 } as const;

// MS-ASCMD 2.2.2 Common Status Codes
const common: Readonly<Record<number, PhoneErrorCode>> = {
  111: 'RETRY_LATER', // ServerErrorRetryLater
  126: 'BLOCKED', // UserDisabledForSync
  129: 'BLOCKED', // DeviceIsBlockedForThisUser
  130: 'BLOCKED', // AccessDenied
  131: 'BLOCKED', // AccountDisabled
  133: 'RETRY_LATER', // SyncStateLocked
  140: 'PROVISION_NEEDED', // RemoteWipeRequested: Provision says what is to be wiped
  141: 'PROVISION_NEEDED', // LegacyDeviceOnStrictPolicy
  142: 'PROVISION_NEEDED', // DeviceNotProvisioned
  143: 'PROVISION_NEEDED', // PolicyRefresh
  144: 'PROVISION_NEEDED', // InvalidPolicyKey
  177: 'BLOCKED', // MaximumDevicesReached
};

/** The error a refusing status stands for. */
export function refusal(command: string, status: number | undefined): PhoneError {
  const code = status === undefined ? 'BAD_ANSWER' : (common[status] ?? 'REFUSED');
  return new PhoneError(code, { command, status });
}

/** Reads the text of a Status element; `undefined` where it is absent or no number. */
export function statusNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text.trim()) ? Number(text) : undefined;
}
