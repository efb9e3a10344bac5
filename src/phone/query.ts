// The query of a request, in its two forms.
// MS-ASHTTP 2.2.1.1.1 URI Query Parameters; MS-ASHTTP 2.2.1.1.1.1 Base64-Encoded Query Value

import type { Settled } from './options.js';

// The commands of this phone with their octet in the packed form.
// MS-ASHTTP 2.2.1.1.1.1.2 Command Codes
export const commandCode = {
  Sync: 0,
  SendMail: 1,
  SmartReply: 3,
  FolderSync: 9,
  MoveItems: 13,
  Settings: 17,
  Ping: 18,
  Provision: 20,
} as const;

export type CommandName = keyof typeof commandCode;

type Sender = Pick<Settled, 'user' | 'deviceId' | 'deviceType' | 'protocolVersion'>;

/** What a mail says beside itself where it is no element: at 12.1. */
export interface MailParameters {
  readonly saveInSent?: boolean;
  /** The mail that is answered. */
  readonly source?: { readonly collectionId: string; readonly itemId: string } | undefined;
}

export function plainQuery(
  command: CommandName,
  { user, deviceId, deviceType }: Sender,
  { saveInSent, source }: MailParameters = {},
): string {
  return new URLSearchParams({
    ...{ Cmd: command, User: user, DeviceId: deviceId, DeviceType: deviceType },
    ...(source && { CollectionId: source.collectionId, ItemId: source.itemId }),
    ...(saveInSent && { SaveInSent: 'T' }),
  }).toString();
}

// One octet per box unless a width is written; integers are little-endian.
//
//   version | command | locale (2) | length, DeviceId | length 4, policy key (4) | length, DeviceType | parameters
//
// Real bytes: 8d 00 0904 0a 76313430446576696365 04 00000000 0a 536d61727450686f6e65
export function packedQuery(
  command: CommandName,
  sender: Sender & { policyKey: string },
  parameters: MailParameters = {},
): string {
  const packed = Buffer.concat([
    Buffer.from([Number(sender.protocolVersion.replace('.', '')), commandCode[command]]),
    LOCALE,
    lengthFirst(Buffer.from(sender.deviceId)),
    lengthFirst(uint32(Number(sender.policyKey))),
    lengthFirst(Buffer.from(sender.deviceType)),
    ...packParameters(parameters),
  ]);
  return packed.toString('base64');
}

// Each is tag | length, value. MS-ASHTTP 2.2.1.1.1.1.3 Command Parameters
const ParameterTag = { CollectionId: 1, ItemId: 3, Options: 7 } as const;
const SAVE_IN_SENT = 0x01;

function packParameters({ saveInSent, source }: MailParameters): Buffer[] {
  const parameter = (tag: number, value: Buffer) => Buffer.concat([Buffer.from([tag]), lengthFirst(value)]);
  return [
    ...(source ? [parameter(ParameterTag.CollectionId, Buffer.from(source.collectionId))] : []),
    ...(source ? [parameter(ParameterTag.ItemId, Buffer.from(source.itemId))] : []),
    ...(saveInSent ? [parameter(ParameterTag.Options, Buffer.from([SAVE_IN_SENT]))] : []),
  ];
}

const LOCALE = Buffer.from([0x09, 0x04]); // 0x0409: English, United States

function lengthFirst(octets: Buffer): Buffer {
  return Buffer.concat([Buffer.from([octets.length]), octets]);
}

function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value >>> 0);
  return octets;
}
