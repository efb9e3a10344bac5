// Command, device and version of a request, from the plain query and headers or from the base64 query.
// MS-ASHTTP 2.2.1.1.1 Request-Line

import { EasError } from './errors.js';
import { limits } from './limits.js';
import {
  type Field,
  noParameters,
  type Parameters,
  readPlainParameters,
  readTaggedParameters,
  withMultiPart,
} from './parameters.js';
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
  readonly parameters: Parameters;
}

export interface RequestHead {
  /** The target as it came, query included: a query parser would mangle the base64 form. */
  url: string;
  version: string | undefined;
  policyKey: string | undefined;
  /** The header MS-ASAcceptMultiPart. */
  acceptMultiPart?: string | undefined;
}

// A phone says the same line with every request of a command; to read it costs more than all else that is done with it.
// A line that names an item is said once and not kept.
const remembered = new Map<string, RequestLine>();
// Stops: memory that grows with every line somebody invents.
const linesRemembered = 20_000;

/** Throws EasError BAD_QUERY, VERSION_NOT_SUPPORTED, COMMAND_UNKNOWN. */
export function readRequestLine(head: RequestHead): RequestLine {
  const line = readOnce(head);
  if (head.acceptMultiPart === undefined) return line;
  return { ...line, parameters: withMultiPart(line.parameters, head.acceptMultiPart) };
}

function readOnce(head: RequestHead): RequestLine {
  const key = `${head.version} ${head.policyKey} ${head.url}`;
  const known = remembered.get(key);
  if (known) return known;
  const line = readAnew(head);
  if (line.parameters !== noParameters) return line;
  if (remembered.size >= linesRemembered) remembered.clear();
  remembered.set(key, line);
  return line;
}

function readAnew(head: RequestHead): RequestLine {
  const start = head.url.indexOf('?');
  const query = start < 0 ? '' : head.url.slice(start + 1);
  if (query.length === 0 || query.length > limits.queryCharacters) throw new EasError('BAD_QUERY');
  const line = isPlain.test(query) ? readPlain(query, head) : readBase64(query);
  const isNamed = (name: string) => /^[\x21-\x7e]+$/.test(name) && name.length <= limits.deviceNameCharacters;
  if (!isNamed(line.deviceId) || !isNamed(line.deviceType)) throw new EasError('BAD_QUERY');
  return line;
}

// Some write `cmd`. The end of a base64 query can look like it, but has no `&` before it.
const isPlain = /(?:^|&)cmd=/i;

// MS-ASHTTP 2.2.1.1.1.2 Plain Text Query Value
function readPlain(query: string, head: RequestHead): RequestLine {
  const named = readNamed(query);
  const [command, deviceId, deviceType] = [named.get('cmd'), named.get('deviceid'), named.get('devicetype')];
  if (command === undefined || deviceId === undefined || deviceType === undefined) throw new EasError('BAD_QUERY');
  return {
    command,
    deviceId,
    deviceType,
    version: checkVersion(head.version),
    policyKey: readPolicyKey(head.policyKey),
    hasPolicyKey: head.policyKey !== undefined,
    parameters: readPlainParameters(named),
  };
}

// Names in lower case. One that stands twice leaves open which is meant.
function readNamed(query: string): Map<string, string> {
  const named = new Map<string, string>();
  for (const [written, value] of new URLSearchParams(query)) {
    const name = written.toLowerCase();
    if (named.has(name)) throw new EasError('BAD_QUERY');
    named.set(name, value);
  }
  return named;
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
  const [version = 0, code = 0] = octets;
  const [deviceId, policyKey, deviceType, ...parameters] = readFields(octets);
  if (policyKey!.value.length !== 0 && policyKey!.value.length !== 4) throw new EasError('BAD_QUERY');
  const command = commandCodes[code];
  if (command === undefined) throw new EasError('COMMAND_UNKNOWN');
  return {
    command,
    deviceId: isText(deviceId!.value) ? deviceId!.value.toString('latin1') : deviceId!.value.toString('hex'),
    deviceType: deviceType!.value.toString('latin1'),
    version: checkVersion(`${Math.floor(version / 10)}.${version % 10}`),
    policyKey: policyKey!.value.length === 0 ? 0 : policyKey!.value.readUInt32LE(0),
    hasPolicyKey: policyKey!.value.length > 0,
    parameters: readTaggedParameters(parameters),
  };
}

// Three fields {length, value}, and behind them any number with a tag before the length.
function readFields(octets: Buffer): Field[] {
  const fields: Field[] = [];
  let position = 4;
  while (fields.length < 3 || position < octets.length) {
    const tag = fields.length < 3 ? -1 : octets[position++]!;
    const length = octets[position] ?? 0;
    const value = octets.subarray(position + 1, position + 1 + length);
    // A length that leads past the end would otherwise give a short value.
    if (position >= octets.length || value.length !== length) throw new EasError('BAD_QUERY');
    fields.push({ tag, value });
    position += 1 + length;
  }
  return fields;
}

// The DeviceId may also be the 16 octets of a GUID.
function isText(octets: Buffer): boolean {
  return octets.every((octet) => octet > 0x20 && octet < 0x7f);
}
