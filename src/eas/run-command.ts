// One request of a known user: its device, whether it may, its command, and the answer in the words of its version.
// MS-ASHTTP 3.2.5 Message Processing Events and Sequencing Rules

import type { User } from '../store/tables.js';
import { FolderHierarchy } from '../wbxml/airsync/folder-hierarchy.js';
import { decode } from '../wbxml/decode.js';
import { type Element, element, text } from '../wbxml/element.js';
import { WbxmlError } from '../wbxml/errors.js';
import type { SyncMemory } from './commands/sync/memory.js';
import { type Command, isPartOf, isRaw, isWrittenIn } from './command-table.js';
import { checkDevice, findDevice, noteContact } from './device-access.js';
import type { DevicePolicies } from './device-policies.js';
import { EasError, StatusError } from './errors.js';
import { type Answer, type EasServices, type Exchange, isElement } from './exchange.js';
import { httpCodeOf, isCommonStatus } from './http-codes.js';
import type { KnownDevices } from './known-devices.js';
import { limits } from './limits.js';
import type { LoopLimit } from './loop-limit.js';
import { refusedStatuses } from './refused-parts.js';
import type { RequestLine } from './request-line.js';
import { CommonStatus } from './statuses.js';
import { hasCommonStatuses } from './versions.js';

/** What the requests of all devices share. */
export interface Running {
  services: EasServices;
  devices: KnownDevices;
  policies: DevicePolicies;
  loops: LoopLimit;
  memory: SyncMemory;
}

export interface Call {
  user: User;
  line: RequestLine;
  command: Command;
  body: Buffer;
  userAgent: string | undefined;
}

export interface Outcome {
  answer: Answer;
  /** The device begins anew after this, and may choose another version. */
  beginsAnew: boolean;
}

/** Throws what has no Status: EasError, StoreError. */
export async function runCommand(running: Running, call: Call): Promise<Outcome> {
  const { services, policies, memory } = running;
  const { user, command, line, userAgent } = call;
  const now = services.now();
  const contact = { user, line, userAgent, now };
  try {
    const known = await findDevice(services.store, running.devices, contact);
    stopLoop(running, call, { deviceRow: known.id, now });
    const device = await noteContact(services, known, contact);
    checkDevice(services.store, { user, device, command, line, policies, now });
    if (!command.run || !isPartOf(command, line.version))
      throw new StatusError(CommonStatus.CommandNotSupported, 'not part of this server, or not of this version');
    services.store.presence.seen(device.id, now);
    const { version, parameters } = line;
    const { body, rawBody } = readBody(call);
    // Written out: what is spread together is slow to read, and every command reads this all the time.
    const said = { services, user, device, version, parameters, body, userAgent, rawBody, memory, policies, now };
    const answer = await command.run(said);
    checkLength(answer);
    noteRefusedParts(services, call, answer);
    return { answer: inWordsOf(call, answer), beginsAnew: isFirstFolderSync(call, body) };
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof WbxmlError)) throw error;
    return refuse(services, call, error);
  }
}

/** Throws EasError LOOP, and tells the log of it once a minute. */
function stopLoop({ services, loops }: Running, call: Call, at: { deviceRow: number; now: number }): void {
  const { deviceRow, now } = at;
  const { line, body } = call;
  const { loopLimitPerMinute: limitPerMinute } = services.store.settings.current.device;
  const { attachmentName = '', collectionId = '', itemId = '', longId = '' } = line.parameters;
  const about = attachmentName + collectionId + itemId + longId;
  const excess = loops.excess({ device: `${deviceRow}:${line.command}`, body, about, now, limitPerMinute });
  if (excess <= 0) return;
  if (excess === 1) services.log.warn({ ...who(call), limitPerMinute }, 'device in a loop');
  throw new EasError('LOOP');
}

const noOctets = new Uint8Array(0);
const wbxmlVersion = 0x03;

function readBody({ body, command, line }: Call): Pick<Exchange, 'body' | 'rawBody'> {
  if (body.length === 0) {
    if (command.mayBeEmpty) return { body: undefined, rawBody: noOctets };
    throw new StatusError(CommonStatus.InvalidContent, 'the request has no body');
  }
  if (isRaw(command, line.version)) {
    // No mail begins with this octet.
    if (body[0] !== wbxmlVersion) return { body: undefined, rawBody: body };
    throw new StatusError(CommonStatus.InvalidContent, 'WBXML in place of a mail');
  }
  if (command.root === undefined) return { body: undefined, rawBody: noOctets };
  const root = decode(body);
  if (root.tag !== command.root) throw new StatusError(CommonStatus.InvalidXML, 'the root is of another command');
  return { body: root, rawBody: noOctets };
}

function checkLength(answer: Answer): void {
  if (answer === undefined || !('kind' in answer) || answer.kind !== 'multipart') return;
  const octets = answer.parts.reduce((sum, part) => sum + part.length, 0);
  if (octets > limits.multipartOctets)
    throw new StatusError(CommonStatus.ServerError, 'the answer in parts is longer than the limit');
}

// MS-ASHTTP 2.2.2.1.2.4 X-MS-RP
function isFirstFolderSync({ line }: Call, body: Element | undefined): boolean {
  if (line.command !== 'FolderSync' || body === undefined) return false;
  return text(body, FolderHierarchy.SyncKey) === '0';
}

// One line per refused request, and nothing of what it said: the error texts of both rooms hold no content.
function refuse({ log }: EasServices, call: Call, error: StatusError | WbxmlError): Outcome {
  const status = error instanceof StatusError ? error.status : CommonStatus.InvalidWBXML;
  log.info({ ...who(call), status, reason: error.message }, 'command refused');
  const beginsAnew = isCommonStatus(status) && codeOf(call, status) === 449;
  return { answer: writeRefusal(call, status), beginsAnew };
}

function writeRefusal(call: Call, status: number): Answer {
  const { command } = call;
  if (!isSayable(call, status)) return { kind: 'http', status: codeOf(call, status) };
  return element(command.root!, [element(command.status!, String(status))]);
}

// A command that answered with a refusal itself says it as its version can.
function inWordsOf(call: Call, answer: Answer): Answer {
  if (!isElement(answer)) return answer;
  const status = Number(statusOf(answer, call.command));
  if (isSayable(call, status)) return answer;
  return call.command.successes.includes(String(status)) ? undefined : { kind: 'http', status: codeOf(call, status) };
}

function isSayable(call: Call, status: number): boolean {
  const { command, line } = call;
  return isWrittenIn(command, line.version) && (hasCommonStatuses(line.version) || !isCommonStatus(status));
}

function codeOf({ line }: Call, status: number): number {
  return httpCodeOf({ command: line.command, status, hasPolicyKey: line.hasPolicyKey });
}

/** The Status below the root; '1' where there is none, because then nothing is refused. */
export function statusOf(answer: Element | undefined, command: Command): string {
  const status = answer && command.status !== undefined ? text(answer, command.status) : undefined;
  return status === undefined || status === '' ? '1' : status;
}

interface Who {
  command: string;
  userId: number;
  device: string;
}

function noteRefusedParts({ log }: EasServices, call: Call, answer: Answer): void {
  if (!isElement(answer)) return;
  const statuses = refusedStatuses(answer, call.command);
  if (statuses.length > 0) log.info({ ...who(call), statuses }, 'command refused in part');
}

function who({ line, user }: Call): Who {
  return { command: line.command, userId: user.id, device: line.deviceId };
}
