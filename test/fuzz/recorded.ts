// Every recorded request: fixtures/wbxml, the stories of fixtures/eas, and what is refused in fixtures/eas-refused.

import { readdirSync, readFileSync } from 'node:fs';
import { decode } from '../../src/wbxml/decode.js';
import type { Element } from '../../src/wbxml/element.js';
import { findCommand } from '../../src/eas/command-table.js';
import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { bodyOf, readRefused, refusedNames } from '../eas/refusal.js';
import { commandOf, readStories } from '../eas/story.js';

export interface Recorded {
  name: string;
  command: string;
  octets: Uint8Array;
  /** Absent where the octets are no document. */
  root: Element | undefined;
}

const recordings = new URL('../../../fixtures/wbxml/', import.meta.url);

export function readRecorded(): Recorded[] {
  return [...singleOnes(), ...ofStories(), ...refused()];
}

function singleOnes(): Recorded[] {
  const files = readdirSync(recordings).filter((file) => file.endsWith('.wbxml'));
  return files.map((file) => recorded(file, readFileSync(new URL(file, recordings))));
}

function ofStories(): Recorded[] {
  return readStories().flatMap(({ name, folder, steps }) =>
    steps
      .filter((step) => 'request' in step)
      .flatMap((step) => {
        const file = `${step.request}.req.wbxml`;
        if (!readdirSync(folder).includes(file))
          return [recorded(`${name}/${file}`, new Uint8Array(), commandOf(step))];
        return [recorded(`${name}/${file}`, readFileSync(new URL(file, folder)), commandOf(step))];
      }),
  );
}

function refused(): Recorded[] {
  return refusedNames.map((name) => recorded(name, bodyOf(name) ?? new Uint8Array(), readRefused(name).command));
}

function recorded(name: string, octets: Uint8Array, command?: string): Recorded {
  const root = documentIn(octets);
  return { name, octets, root, command: command ?? nameOfRoot(root) };
}

function documentIn(octets: Uint8Array): Element | undefined {
  try {
    return decode(octets);
  } catch {
    return undefined;
  }
}

// The root of a command's request has its name.
function nameOfRoot(root: Element | undefined): string {
  const name = root && AirSyncDocument.nameOf(root.tag);
  return name !== undefined && findCommand(name) ? name : 'Sync';
}
