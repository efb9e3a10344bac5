// The answer schemas of the protocol, where they lie beside the project.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { Find } from '../../src/wbxml/airsync/find.js';
import { decode } from '../../src/wbxml/decode.js';
import { toXml } from '../../src/wbxml/xml.js';
import { isAbsent, translated, wbxml2xml } from './libwbxml.js';

const schemas = new URL('../../../../shared/protocol/xsd/', import.meta.url);

/** Says so and passes where something is missing. */
export function cannotValidate(t: ExecutionContext): boolean {
  if (isAbsent(t, 'wbxml2xml') || isAbsent(t, 'xmllint')) return true;
  if (existsSync(schemas)) return false;
  t.log('skipped: there are no schemas beside the project');
  t.pass();
  return true;
}

/** What xmllint finds wrong; nothing where the answer is as the schema has it. */
export function complaints(command: string, octets: Uint8Array): string {
  const xml = readable(octets);
  // In an Add of a text, Class stands first: the published schema knows no item of another class than the folder's.
  const isOfTexts = command === 'Sync' && xml.includes('<Class>SMS</Class>');
  const name = command === 'Sync' && !isOfTexts ? 'SyncResponse-stock' : `${command}Response`;
  const schema = fileURLToPath(new URL(`${name}.xsd`, schemas));
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input: xml });
  return status === 0 ? '' : `${status}: ${stderr.toString()}${xml}`;
}

// libwbxml 0.11.8 does not know page 25.
function readable(octets: Uint8Array): string {
  const root = decode(octets);
  return root.tag >> 8 === Find.Find >> 8 ? toXml(root) : translated(wbxml2xml(octets));
}
