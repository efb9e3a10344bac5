// Whose phone it is, and how it behaves.

import { createHash, randomUUID } from 'node:crypto';
import type { PushSecrets } from '../push/read-push.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { PhoneError } from './errors.js';
import { confirmationModes } from './events.js';
import type { ConfirmationMode, Listener } from './events.js';
import { FolderType } from './folder-sync.js';

/** 12.1 knows mail only. */
export const protocolVersions = ['12.1', '14.0', '14.1', '16.0', '16.1'] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

// The parts of text synchronization: a phone may leave out the second, the third, or both.
// MS-ASMS 3.1.4.1 Synchronizing SMS Messages
export const smsFolders = {
  inbox: FolderType.Inbox,
  sent: FolderType.SentItems,
  outbox: FolderType.Outbox,
} as const;
export type SmsFolder = keyof typeof smsFolders;

export interface PhoneOptions {
  /** Where the server is: `http://127.0.0.1:8080`; the path of the protocol is added. */
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** Up to 32 letters and digits; by default made of server and user, the same at every start. */
  readonly deviceId?: string | undefined;
  readonly deviceType?: string | undefined;
  readonly model?: string | undefined;
  /** The phone's own number. */
  readonly number?: string | undefined;
  readonly protocolVersion?: ProtocolVersion | undefined;
  /** How the query of a request is written: in words, or packed into base64. */
  readonly query?: 'plain' | 'base64' | undefined;
  /** Whether it offers to send texts written elsewhere. */
  readonly outbound?: boolean | undefined;
  /** Asks for mail only, as phones without text synchronization do; always so at 12.1. */
  readonly noSms?: boolean | undefined;
  /** Where it synchronizes texts as such, the Inbox among them; elsewhere it asks for mail. All three by default. */
  readonly smsFolders?: readonly SmsFolder[] | undefined;
  /** What push messages are checked against. */
  readonly pushSecrets?: PushSecrets | undefined;
  readonly mode?: ConfirmationMode | undefined;
  /** How long a Ping is held. */
  readonly heartbeatSeconds?: number | undefined;
  /** How many items the server may send in one answer. */
  readonly windowSize?: number | undefined;
  readonly onEvent?: Listener | undefined;
  readonly clock?: Clock | undefined;
  /** Names a new item; unique for this phone, at most 64 characters. */
  readonly newClientId?: (() => string) | undefined;
}

/** The options with every default filled in. */
export type Settled = { readonly [K in keyof Omit<PhoneOptions, 'number'>]-?: Exclude<PhoneOptions[K], undefined> } & {
  readonly number: string | undefined;
};

/** @throws PhoneError BAD_OPTIONS */
export function settle(options: PhoneOptions): Settled {
  const settled: Settled = {
    ...options,
    number: options.number,
    deviceId: options.deviceId ?? deviceIdFor(options),
    deviceType: options.deviceType ?? 'EasmsPhone',
    model: options.model ?? 'easms virtual phone',
    protocolVersion: options.protocolVersion ?? '14.1',
    query: options.query ?? 'plain',
    outbound: options.outbound ?? true,
    noSms: options.noSms === true || options.protocolVersion === '12.1',
    smsFolders: options.smsFolders ?? ['inbox', 'sent', 'outbox'],
    pushSecrets: options.pushSecrets ?? {},
    mode: options.mode ?? 'delete',
    heartbeatSeconds: options.heartbeatSeconds ?? 480,
    windowSize: options.windowSize ?? 100,
    onEvent: options.onEvent ?? (() => undefined),
    clock: options.clock ?? systemClock,
    newClientId: options.newClientId ?? (() => `SMS_${randomUUID()}`),
  };
  refuseWrong(settled);
  return settled;
}

function refuseWrong(settled: Settled): void {
  const isRight =
    /^https?:\/\/./i.test(settled.server) &&
    URL.canParse(settled.server) &&
    /^[A-Za-z0-9]{1,32}$/.test(settled.deviceId) &&
    /^[A-Za-z0-9]{1,32}$/.test(settled.deviceType) &&
    protocolVersions.includes(settled.protocolVersion) &&
    isPartOfTexts(settled) &&
    confirmationModes.includes(settled.mode) &&
    Number.isInteger(settled.heartbeatSeconds) &&
    settled.heartbeatSeconds > 0;
  if (!isRight) throw new PhoneError('BAD_OPTIONS');
}

// Texts are received in the Inbox whatever else a phone does, and a text that it adds to Sent Items is one it shows there.
function isPartOfTexts({ smsFolders: chosen, mode }: Settled): boolean {
  const isKnown = chosen.every((each) => Object.hasOwn(smsFolders, each)) && chosen.includes('inbox');
  return isKnown && (mode !== 'add' || !chosen.includes('outbox') || chosen.includes('sent'));
}

function deviceIdFor({ server, user }: PhoneOptions): string {
  return `EASMS${createHash('sha256').update(`${server} ${user}`).digest('hex').slice(0, 20).toUpperCase()}`;
}
