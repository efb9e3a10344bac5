// Command, device and version of a request, from the plain query and headers or from the base64 query.
// MS-ASHTTP 2.2.1.1.1 Request-Line

import { EasError } from './errors.js';
import { limits } from './limits.js';
import { isProtocolVersion, type ProtocolVersion } from './versions.js';

export interface RequestLine {
  readonly command: string;
  readonly deviceId: string;
  readonly deviceType: string;
  readonly version: ProtocolVersion;
  /** 0 where the client has none yet. */
  readonly policyKey: number;
  /** A device that sends no key at all, not even 0, may know nothing of policies. */
  readonly hasPolicyKey: boolean;
}

export interface RequestHead {
  /** The target as it came, query included: a query parser would mangle the base64 form. */
  url: string;
  version: string | undefined;
  policyKey: string | undefined;
}

// A phone says the same line with every request of a command; to read it costs more than all else that is done with it.
const remembered = new Map<string, RequestLine>();
// Stops: memory that grows with every line somebody invents.
const linesRemembered = 20_000;

/** Throws EasError BAD_QUERY, VERSION_NOT_SUPPORTED, COMMAND_UNKNOWN. */
export function readRequestLine(head: RequestHead): RequestLine {
  const key = `${head.version} ${head.policyKey} ${head.url}`;
  let line = remembered.get(key);
  if (line) return line;
  line = readAnew(head);
  if (remembered.size >= linesRemembered) remembered.clear();
  remembered.set(key, line);
  return line;
}

function readAnew(head: RequestHead): RequestLine {
  const start = head.url.indexOf('?');
  const query = start < 0 ? '' : head.url.slice(start + 1);
  if (query.length === 0 || query.length > limits.queryCharacters) throw new EasError('BAD_QUERY');
  const line = query.includes('Cmd=') ? readPlain(query, head) : readBase64(query);
  const isNamed = (name: string) => /^[\x21-\x7e]+$/.test(name) && name.length <= limits.deviceNameCharacters;
  if (!isNamed(line.deviceId) || !isNamed(line.deviceType)) throw new EasError('BAD_QUERY');
  return line;
}

// MS-ASHTTP 2.2.1.1.1.2 Plain Text Query Value
function readPlain(query: string, head: RequestHead): RequestLine {
  const parameters = new URLSearchParams(query);
  for (const name of ['Cmd', 'DeviceId', 'DeviceType'])
    if (parameters.getAll(name).length !== 1) throw new EasError('BAD_QUERY');
  return {
    command: parameters.get('Cmd')!,
    deviceId: parameters.get('DeviceId')!,
    deviceType: parameters.get('DeviceType')!,
    version: checkVersion(head.version),
    policyKey: readPolicyKey(head.policyKey),
    hasPolicyKey: head.policyKey !== undefined,
  };
}

// A first Provision may come without the header, which then counts as 0. MS-ASHTTP 2.2.1.1.2.5 X-MS-PolicyKey
function readPolicyKey(header: string | undefined): number {
  if (header === undefined || !/^\d{1,10}$/.test(header)) return 0;
  return Number(header);
}

function checkVersion(version: string | undefined): ProtocolVersion {
  if (version === undefined || !isProtocolVersion(version)) throw new EasError('VERSION_NOT_SUPPORTED');
  return version;
}

// MS-ASHTTP 2.2.1.1.1.1.2 Command Codes
const commandCodes: Record<number, string> = {
  0: 'Sync',
  1: 'SendMail',
  2: 'SmartForward',
  3: 'SmartReply',
  4: 'GetAttachment',
  9: 'FolderSync',
  10: 'FolderCreate',
  11: 'FolderDelete',
  12: 'FolderUpdate',
  13: 'MoveItems',
  14: 'GetItemEstimate',
  15: 'MeetingResponse',
  16: 'Search',
  17: 'Settings',
  18: 'Ping',
  19: 'ItemOperations',
  20: 'Provision',
  21: 'ResolveRecipients',
  22: 'ValidateCert',
  23: 'Find',
};

// MS-ASHTTP 2.2.1.1.1.1 Base64 Encoded Query Value
//
//   8D      version 14.1      00      Sync          09 04   locale, little-endian
//   10 …    DeviceId          04 …    policy key    07 …    DeviceType          then {tag, length, value}*
function readBase64(query: string): RequestLine {
  const encoded = query.includes('%') ? query.replaceAll(/%(2B|2F|3D)/gi, decodeURIComponent) : query;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw new EasError('BAD_QUERY');
  const octets = Buffer.from(encoded, 'base64');
  const version = octets[0] ?? 0;
  let position = 4;
  const next = () => {
    const length = octets[position] ?? 0;
    const field = octets.subarray(position + 1, position + 1 + length);
    // A length that leads past the end would otherwise give a short value.
    if (position >= octets.length || field.length !== length) throw new EasError('BAD_QUERY');
    position += 1 + length;
    return field;
  };
  const deviceId = next();
  const policyKey = next();
  const deviceType = next().toString('latin1');
  if (policyKey.length !== 0 && policyKey.length !== 4) throw new EasError('BAD_QUERY');
  while (position < octets.length) {
    position++; // the tag: AttachmentName, Options and the like belong to commands that take them
    next();
  }
  const command = commandCodes[octets[1] ?? -1];
  if (command === undefined) throw new EasError('COMMAND_UNKNOWN');
  return {
    command,
    deviceId: isText(deviceId) ? deviceId.toString('latin1') : deviceId.toString('hex'),
    deviceType,
    version: checkVersion(`${Math.floor(version / 10)}.${version % 10}`),
    policyKey: policyKey.length === 0 ? 0 : policyKey.readUInt32LE(0),
    hasPolicyKey: policyKey.length > 0,
  };
}

// The DeviceId may also be the 16 octets of a GUID.
function isText(octets: Buffer): boolean {
  return octets.every((octet) => octet > 0x20 && octet < 0x7f);
}
