// The document of the codec's figures: a Sync answer of 160 texts, 40 KB.

import { AirSync } from '../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../src/wbxml/airsync/email.js';
import { element, type Element } from '../src/wbxml/element.js';

const ITEMS = 160;

// One text in eight is not ASCII; all differ, as texts do.
function bodyOf(index: number): string {
  const text = `Text ${index}: the parcel of order ${(index * 7919) % 100_003} comes between ${index % 12} and ${(index % 12) + 2} o'clock, please be at home. Bye`;
  return index % 8 === 0 ? `${text} – à bientôt 👋` : text;
}

function addOf(index: number): Element {
  const body = bodyOf(index);
  const number = `+447700900${String(index).padStart(3, '0')}`;
  return element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ServerId, `5:${index + 1}`),
    element(AirSync.ApplicationData, [
      element(Email.To, '"Me" [MOBILE:+447700900999]'),
      element(Email.From, `"${number}" [MOBILE:${number}]`),
      element(Email.DateReceived, new Date(1_700_000_000_000 + index * 61_000).toISOString()),
      element(Email.Importance, '1'),
      element(Email.Read, '0'),
      element(AirSyncBase.Body, [
        element(AirSyncBase.Type, '1'),
        element(AirSyncBase.EstimatedDataSize, String(Buffer.byteLength(body))),
        element(AirSyncBase.Data, body),
      ]),
    ]),
  ]);
}

export function syncAnswer(): Element {
  const commands = Array.from({ length: ITEMS }, (_, index) => addOf(index));
  return element(AirSync.Sync, [
    element(AirSync.Collections, [
      element(AirSync.Collection, [
        element(AirSync.SyncKey, '2'),
        element(AirSync.CollectionId, '5'),
        element(AirSync.Status, '1'),
        element(AirSync.MoreAvailable),
        element(AirSync.Commands, commands),
      ]),
    ]),
  ]);
}
