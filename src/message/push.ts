// Waking and configuring phones: a push message goes the way of every text, and no user has sent it, so that word of its failure wakes
// nobody.

import { carriageOf } from '../push/clients.js';
import { configurationMessage } from '../push/configuration.js';
import { PushError } from '../push/errors.js';
import { notificationMessage, serverAlertMessage } from '../push/notify.js';
import type { Given, Parameter } from '../push/parameters.js';
import type { Format } from '../push/profile.js';
import { profiles } from '../push/profiles.js';
import type { Security } from '../push/prov/security.js';
import type { Carriage, PushMessage } from '../push/push-message.js';
import type { Initiator, UiMode } from '../push/san/notification.js';
import { mimeTypeOf } from '../push/wsp/content-type.js';
import { getPushDevice, noteNotified } from '../store/push-devices.js';
import type { PushFolder } from '../store/states.js';
import type { PushDevice } from '../store/tables.js';
import { marksOf } from './push-folders.js';
import { enqueueTexts, type MessageServices, prepareTexts, submit } from './submit.js';

export interface NotifyRequest {
  device: string;
  /** By URI or mailbox folder; all of the device where none is named. */
  folders?: readonly string[] | undefined;
  uiMode?: UiMode | undefined;
  initiator?: Initiator | undefined;
  sessionId?: number | undefined;
}

const LAST_SESSION = 0xffff;

/** Resolves after the commit is on disk with the ids of the messages. Throws PushError, MessageError, and StoreError STORAGE_UNAVAILABLE. */
export async function notify(services: MessageServices, request: NotifyRequest): Promise<string[]> {
  const device = await findPushDevice(services, request.device);
  if (!device.active) throw new PushError('PUSH_DEVICE_INACTIVE', { field: 'device' });
  const folders = request.folders ? chooseFolders(device, request.folders) : device.folders;
  return notifyOf(services, device, { ...request, folders });
}

interface Notice extends Omit<NotifyRequest, 'folders' | 'device'> {
  folders: readonly PushFolder[];
}

/** Part of the same commit: what the device is told of, so that it is not told again. */
export async function notifyOf(services: MessageServices, device: PushDevice, notice: Notice): Promise<string[]> {
  const { store, now } = services;
  const { folders, sessionId = (device.sessionId % LAST_SESSION) + 1 } = notice;
  const { uiMode = device.options.uiMode ?? 'unspecified', initiator = device.options.initiator ?? 'server' } = notice;
  const message = notificationFor(device, { folders, uiMode, initiator, sessionId });
  const { expireMinutes } = store.settings.current.push;
  const texts = await prepareTexts(services, { ...submissionOf(device, message), expireMinutes });
  return store.transact(function* (tx) {
    const { ids } = yield* enqueueTexts(tx, texts);
    const marks = { ...device.marks, ...(yield* marksOf(tx, device.userId, folders)) };
    yield* noteNotified(tx, device.name, { marks, sessionId, notifiedAt: now(), lastMessage: ids[0]! });
    return ids;
  });
}

type Alarm = Notice & { uiMode: UiMode; initiator: Initiator; sessionId: number };

function notificationFor(device: PushDevice, alarm: Alarm): PushMessage {
  const { folders: syncs, uiMode, initiator, sessionId } = alarm;
  const { serverId, imei, options, password, nonce } = device;
  if (serverId === null) throw new PushError('BAD_FIELD', { field: 'serverId' });
  const said = { serverId, sessionId, syncs };
  if (device.protocol === 'san-1.2') {
    const secrets = { password: password ?? '', nonce: nonce ?? '' };
    return notificationMessage({ ...said, uiMode, initiator, ...secrets }, carriageFor(device));
  }
  const target = options.target ?? (imei === null ? '/' : `IMEI:${imei}`);
  return serverAlertMessage({ ...said, target, publicId: options.publicId }, carriageFor(device));
}

function chooseFolders({ folders }: PushDevice, wanted: readonly string[]): PushFolder[] {
  const chosen = folders.filter(({ uri, mailboxFolder }) =>
    wanted.some((each) => each === uri || each === mailboxFolder),
  );
  const isKnown = (name: string): boolean => folders.some((each) => each.uri === name || each.mailboxFolder === name);
  if (chosen.length === 0 || !wanted.every(isKnown)) throw new PushError('BAD_FIELD', { field: 'folders' });
  return chosen;
}

export interface ConfigureRequest {
  /** One of the two. */
  device?: string | undefined;
  number?: string | undefined;
  format: Format;
  profile?: string | undefined;
  parameters?: Given | undefined;
  document?: string | undefined;
  security?: Security | undefined;
  pin?: string | undefined;
  imsi?: string | undefined;
  gateway?: string | undefined;
  /** Nothing is sent; the message is made, and shown. */
  dryRun?: boolean | undefined;
}

export interface Configured {
  ids: string[];
  /** As XML. */
  document: string;
  /** What the owner types for `userpinmac`. */
  typedPin: string | undefined;
  message: PushMessage;
}

/** Throws PushError, MessageError, and StoreError STORAGE_UNAVAILABLE. */
export async function configure(services: MessageServices, request: ConfigureRequest): Promise<Configured> {
  const { number, gateway, dryRun = false } = request;
  if ((request.device === undefined) === (number === undefined)) throw new PushError('BAD_FIELD', { field: 'device' });
  const device = request.device === undefined ? undefined : await findPushDevice(services, request.device);
  const made = configurationMessage(withDefaults(request, device), carriageFor(device));
  const { message, document, typedPin } = made;
  if (dryRun) return { ids: [], document, typedPin, message };
  const to = { number: device?.number ?? number!, gateway: gateway ?? device?.gateway ?? null };
  const { ids } = await submit(services, submissionOf(to, message));
  return { ids, document, typedPin, message };
}

/** What is known of the device and was not given. */
function withDefaults(request: ConfigureRequest, device: PushDevice | undefined): ConfigureRequest {
  if (!device) return request;
  const { format, profile, parameters = {} } = request;
  const imsi = request.imsi ?? device.imsi ?? undefined;
  if (profile === undefined) return { ...request, imsi };
  const isSync = ['sync', 'w5', 'syncset', 'syncml'].includes(profile.toLowerCase()) && format !== 'si';
  return {
    ...request,
    imsi,
    parameters: isSync ? { ...syncDefaults(format, device, parameters), ...parameters } : parameters,
  };
}

function syncDefaults(format: Format, { serverId, folders }: PushDevice, given: Given): Given {
  const hasDatabases = ['databases', 'RESOURCE', 'RemoteDB'].some((name) => Object.hasOwn(given, name));
  const hasServerId = ['serverId', 'PROVIDER-ID'].some((name) => Object.hasOwn(given, name));
  const databases = folders.map(({ uri, contentType }) => ({ uri, accept: mimeTypeOf(contentType) }));
  return {
    ...(format === 'oma' && serverId !== null && !hasServerId && { serverId }),
    ...(databases.length > 0 && !hasDatabases && { databases }),
  };
}

function submissionOf(device: Pick<PushDevice, 'number' | 'gateway'>, { data, udh, dcs }: PushMessage) {
  const { number, gateway } = device;
  return {
    origin: 'push' as const,
    numbers: [number],
    text: '',
    binary: { data, udh },
    dcs,
    gateway: gateway ?? undefined,
  };
}

function carriageFor(device: PushDevice | undefined): Carriage {
  if (!device) return {};
  const { dcs, sourcePort, destinationPort, applicationId } = device.options;
  const own = Object.entries({ dcs, sourcePort, destinationPort, applicationId });
  return {
    ...carriageOf(device.client ?? undefined),
    ...Object.fromEntries(own.filter(([, value]) => value !== undefined)),
  };
}

/** What can be sent, and what each of it asks for. */
export function describeProfiles(): object[] {
  return profiles.map(({ format, name, aliases = [], title, parameters }) => ({
    ...{ format, name, aliases, title },
    parameters: parameters.map(describeParameter),
  }));
}

function describeParameter({ name, wire, title, isRequired = false, isSecret = false, ...rest }: Parameter): object {
  const { values, entries } = rest;
  return {
    ...{ name, title, required: isRequired },
    ...(wire !== undefined && { wire }),
    ...(isSecret && { secret: true }),
    ...(values && { values }),
    ...(entries && { entries: entries.map(describeParameter) }),
  };
}

async function findPushDevice({ store }: MessageServices, name: string): Promise<PushDevice> {
  const device = await store.read((session) => getPushDevice(session, name));
  if (!device) throw new PushError('UNKNOWN_PUSH_DEVICE', { field: 'device' });
  return device;
}
