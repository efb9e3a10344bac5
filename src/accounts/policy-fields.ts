// The fields of a policy: what a device may be asked for, and how the server takes a device that does not comply. The
// value that a field has where no scope names it asks nothing of anybody.
// MS-ASPROV 2.2.2.28 EASProvisionDoc

import { limits } from './limits.js';

export interface Flag {
  kind: 'flag';
  value: boolean;
  about: string;
  /** A flag that cannot be switched on. */
  isFixed?: true;
}
export interface Count {
  kind: 'count';
  least: number;
  most: number;
  value: number;
  about: string;
}
export interface Choice {
  kind: 'choice';
  among: readonly number[];
  value: number;
  about: string;
}
export interface Names {
  kind: 'names';
  value: readonly string[];
  most: number;
  characters: number;
  about: string;
}
export type PolicyField = Flag | Count | Choice | Names;

const asks = (about: string): Flag => ({ kind: 'flag', value: false, about });
const allows = (about: string): Flag => ({ kind: 'flag', value: true, about });
const count = (least: number, most: number, value: number, about: string): Count =>
  // Positional because a row of the table below reads as "from, to, else".
  ({ kind: 'count', least, most, value, about });
const choice = (among: readonly number[], value: number, about: string): Choice => ({
  kind: 'choice',
  among,
  value,
  about,
});
const names = (about: string): Names => ({
  kind: 'names',
  value: [],
  most: limits.policyNames,
  characters: limits.policyNameCharacters,
  about,
});

const unsignedInt = 2 ** 32 - 1;
const kilobytes = 2 ** 31 - 1;

/** What is sent to the device, in the order in which the document has it. MS-ASPROV 2.2.2.28 EASProvisionDoc */
// prettier-ignore
export const documentFields = {
  devicePasswordEnabled: asks('a password is asked for'),
  alphanumericDevicePasswordRequired: asks('the password has letters as well as digits'),
  passwordRecoveryEnabled: {
    kind: 'flag', value: false, isFixed: true,
    about: 'always false: recovery passwords are not kept, so a device that relied on one could not be opened again',
  },
  requireStorageCardEncryption: asks('the storage card is encrypted'),
  attachmentsEnabled: allows('attachments may be downloaded'),
  minDevicePasswordLength: count(0, 16, 0, 'characters of the password, 0 for no minimum'),
  maxInactivityTimeDeviceLock: count(0, 9998, 0, 'seconds until the device locks itself, 0 for no limit'),
  maxDevicePasswordFailedAttempts: choice([0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 0, 'wrong passwords until the device wipes itself, 0 for no limit'),
  maxAttachmentSize: count(0, unsignedInt, 0, 'octets of an attachment, 0 for no limit'),
  allowSimpleDevicePassword: allows('a password may be 1234'),
  devicePasswordExpiration: count(0, 730, 0, 'days until the password has to be changed, 0 for never'),
  devicePasswordHistory: count(0, 50, 0, 'passwords used before that may not come again'),
  allowStorageCard: allows('the storage card may be used'),
  allowCamera: allows('the camera may be used'),
  requireDeviceEncryption: asks('the device is encrypted'),
  allowUnsignedApplications: allows('unsigned applications may run'),
  allowUnsignedInstallationPackages: allows('unsigned packages may be installed'),
  minDevicePasswordComplexCharacters: count(1, 4, 1, 'kinds of characters in the password: lower case, upper case, digits, others'),
  allowWiFi: allows('Wi-Fi may be used'),
  allowTextMessaging: allows('texts may be sent and received'),
  allowPOPIMAPEmail: allows('POP3 and IMAP4 accounts may be set up'),
  allowBluetooth: choice([0, 1, 2], 2, '0 no Bluetooth, 1 hands-free only, 2 all'),
  allowIrDA: allows('infrared may be used'),
  requireManualSyncWhenRoaming: asks('the device syncs by hand only while it roams'),
  allowDesktopSync: allows('the device may sync with a computer'),
  maxCalendarAgeFilter: choice([0, 4, 5, 6, 7], 0, 'how much of the calendar: 0 all, 4 two weeks, 5 one month, 6 three months, 7 six months'),
  allowHTMLEmail: allows('mail may come as HTML'),
  maxEmailAgeFilter: choice([0, 1, 2, 3, 4, 5], 0, 'how much mail: 0 all, 1 one day, 2 three days, 3 one week, 4 two weeks, 5 one month'),
  maxEmailBodyTruncationSize: count(-1, kilobytes, -1, 'kilobytes of a plain body, 0 for the header only, -1 for no limit'),
  maxEmailHTMLBodyTruncationSize: count(-1, kilobytes, -1, 'kilobytes of an HTML body, 0 for the header only, -1 for no limit'),
  requireSignedSMIMEMessages: asks('mail is signed'),
  requireEncryptedSMIMEMessages: asks('mail is encrypted'),
  requireSignedSMIMEAlgorithm: choice([0, 1], 0, 'signatures: 0 SHA1, 1 MD5'),
  requireEncryptionSMIMEAlgorithm: choice([0, 1, 2, 3, 4], 0, 'encryption: 0 Triple DES, 1 DES, 2 RC2 128 bit, 3 RC2 64 bit, 4 RC2 40 bit'),
  allowSMIMEEncryptionAlgorithmNegotiation: choice([0, 1, 2], 2, 'another algorithm may be agreed on: 0 none, 1 a strong one, 2 any'),
  allowSMIMESoftCerts: allows('certificates may be kept in software'),
  allowBrowser: allows('the browser may be used'),
  allowConsumerEmail: allows('private mail accounts may be set up'),
  allowRemoteDesktop: allows('remote desktops may be used'),
  allowInternetSharing: allows('the device may share its internet connection'),
  unapprovedInROMApplicationList: names('preinstalled applications that may not run'),
  approvedApplicationList: names('hashes of the applications that may run, empty for all'),
} as const satisfies Record<string, PolicyField>;

/** How the server takes devices that do not comply, and how often they are asked again. Not sent. */
// prettier-ignore
export const serverFields = {
  allowNonProvisionableDevices: asks('devices that know no policies, or say that they applied none, may sync'),
  allowPartialCompliance: asks('devices that apply the policy in part may sync'),
  allowExternallyManaged: asks('devices that somebody else manages may sync'),
  refreshHours: count(0, 8760, 0, 'after how many hours a device has to fetch its policy again, 0 for never'),
} as const satisfies Record<string, PolicyField>;

export const policyFields = { ...documentFields, ...serverFields } as const;

export type PolicyFieldName = keyof typeof policyFields;

type ValueOf<Field extends PolicyField> = Field extends Flag
  ? boolean
  : Field extends Names
    ? readonly string[]
    : number;

/** A value for every field. */
export type EffectivePolicy = { readonly [Name in PolicyFieldName]: ValueOf<(typeof policyFields)[Name]> };

export const permissivePolicy = Object.fromEntries(
  Object.entries(policyFields).map(([name, { value }]) => [name, value]),
) as unknown as EffectivePolicy;
