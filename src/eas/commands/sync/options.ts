// What a device wants of a class of items: how far back, which bodies, and whose change wins.
// MS-ASCMD 2.2.3.125.6 Options (Sync)

import type { BodyPreference, ItemClass, StickyOptions } from '../../../store/states.js';
import { AirSync } from '../../../wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../../wbxml/airsync/air-sync-base.js';
import { child, children, type Element, text } from '../../../wbxml/element.js';
import { StatusError } from '../../errors.js';
import { CommonStatus, SyncStatus } from '../../statuses.js';
import { hasTexts, type ProtocolVersion } from '../../versions.js';
import { lastFilterType } from './filter.js';

export function protocolError(reason: string): StatusError {
  return new StatusError(SyncStatus.ProtocolError, reason);
}

/** At most one for SMS and one for the class of the folder; `undefined` where there are none. */
export function readOptions(options: readonly Element[], version: ProtocolVersion): StickyOptions[] | undefined {
  if (options.length === 0) return undefined;
  const read = options.map((each) => readOneOptions(each, version));
  if (new Set(read.map((each) => each.class)).size !== read.length) throw protocolError('two Options of one class');
  return read;
}

/** Whether both ask for the same, in the same order. */
export function areEqual(a: readonly StickyOptions[], b: readonly StickyOptions[]): boolean {
  return a === b || areEqualLists(a, b, isSameOptions);
}

function areEqualLists<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((each, index) => isSame(each, b[index]!));
}

// Written out, here and below: several looks at each request are taken this way.
function isSameOptions(a: StickyOptions, b: StickyOptions): boolean {
  return (
    a.class === b.class &&
    a.filterType === b.filterType &&
    a.clientWins === b.clientWins &&
    a.mimeSupport === b.mimeSupport &&
    areEqualLists(a.bodyPreferences ?? [], b.bodyPreferences ?? [], isSamePreference) &&
    isSamePreference(a.bodyPartPreference, b.bodyPartPreference)
  );
}

function isSamePreference(a: BodyPreference | undefined, b: BodyPreference | undefined): boolean {
  return (
    a?.type === b?.type &&
    a?.truncationSize === b?.truncationSize &&
    a?.allOrNone === b?.allOrNone &&
    a?.preview === b?.preview
  );
}

function readOneOptions(options: Element, version: ProtocolVersion): StickyOptions {
  const filterType = readNumber(text(options, AirSync.FilterType), lastFilterType);
  const mimeSupport = readNumber(text(options, AirSync.MIMESupport), 2);
  const clientWins = text(options, AirSync.Conflict) === '0';
  return {
    class: readClass(text(options, AirSync.Class), version),
    ...(filterType ? { filterType } : {}),
    ...(mimeSupport ? { mimeSupport } : {}),
    ...(clientWins ? { clientWins } : {}),
    ...truncated(readBodyWishes(options), readMimeTruncation(text(options, AirSync.MIMETruncation))),
  };
}

/** Octets of a mail by the value of the element; the last is the whole mail. */
const mimeTruncations: readonly (number | undefined)[] = [
  0,
  4096,
  5120,
  7168,
  10_240,
  20_480,
  51_200,
  102_400,
  undefined,
];

// MS-ASCMD 2.2.3.111 MIMETruncation
function readMimeTruncation(value: string | undefined): number | undefined {
  const chosen = readNumber(value, mimeTruncations.length - 1);
  return chosen === undefined ? undefined : mimeTruncations[chosen];
}

// Where a TruncationSize stands beside the type, it is the nearer wish.
function truncated(wishes: BodyWishes, mimeOctets: number | undefined): BodyWishes {
  if (mimeOctets === undefined || !wishes.bodyPreferences) return wishes;
  const bodyPreferences = wishes.bodyPreferences.map((each) =>
    each.type === 4 ? { truncationSize: mimeOctets, ...each } : each,
  );
  return { ...wishes, bodyPreferences };
}

function readNumber(value: string | undefined, most: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,2}$/.test(value) || Number(value) > most) throw protocolError('a value that no mail is filtered by');
  return Number(value);
}

function readClass(name: string | undefined, version: ProtocolVersion): ItemClass {
  if (name === undefined || name === '' || name === 'Email') return 'Email';
  if (name === 'SMS' && hasTexts(version)) return 'SMS';
  throw protocolError('a class that no folder here holds');
}

export type BodyWishes = Pick<StickyOptions, 'bodyPreferences' | 'bodyPartPreference'>;

/** The same within the Options of Sync, ItemOperations and Search. Throws StatusError 4, 164. */
export function readBodyWishes(options: Element): BodyWishes {
  const bodyPreferences = children(options, AirSyncBase.BodyPreference).map(readPreference);
  if (new Set(bodyPreferences.map(({ type }) => type)).size !== bodyPreferences.length)
    throw protocolError('two BodyPreferences of one Type');
  const part = child(options, AirSyncBase.BodyPartPreference);
  const bodyPartPreference = part && readPreference(part);
  if (bodyPartPreference && bodyPartPreference.type !== 2)
    throw new StatusError(CommonStatus.BodyPartPreferenceTypeNotSupported, 'a BodyPart that is not HTML');
  return {
    ...(bodyPreferences.length > 0 ? { bodyPreferences } : {}),
    ...(bodyPartPreference ? { bodyPartPreference } : {}),
  };
}

// MS-ASAIRS 2.2.2.12 BodyPreference
function readPreference(preference: Element): BodyPreference {
  const type = Number(text(preference, AirSyncBase.Type));
  if (![1, 2, 3, 4].includes(type)) throw protocolError('a body of no known Type');
  const truncationSize = readSize(text(preference, AirSyncBase.TruncationSize), 4_294_967_295);
  const preview = readSize(text(preference, AirSyncBase.Preview), 255);
  return {
    type,
    ...(truncationSize === undefined ? {} : { truncationSize }),
    ...(preview === undefined ? {} : { preview }),
    ...(readAllOrNone(text(preference, AirSyncBase.AllOrNone)) ? { allOrNone: true } : {}),
  };
}

function readSize(value: string | undefined, most: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,10}$/.test(value) || Number(value) > most) throw protocolError('a size that is none');
  return Number(value);
}

function readAllOrNone(value: string | undefined): boolean {
  return value !== undefined && value !== '0';
}
