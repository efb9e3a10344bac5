// The recorded requests, and the documents that must be refused: adding a file adds a test.

import { readFileSync, readdirSync } from 'node:fs';
import test from 'ava';
import { decode } from '../../src/wbxml/decode.js';
import { decodeDescribed } from '../../src/wbxml/described.js';
import { encode } from '../../src/wbxml/encode.js';
import { WbxmlError, type WbxmlErrorPlace } from '../../src/wbxml/errors.js';
import { fromXml, toXml } from '../../src/wbxml/xml.js';

const fixtures = new URL('../../../fixtures/', import.meta.url);
const recorded = new URL('wbxml/', fixtures);
const refused = new URL('wbxml-refused/', fixtures);

function namesIn(folder: URL, ending: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length));
}

function read(folder: URL, file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

for (const name of namesIn(refused, '.hex')) {
  const { code, ...place } = JSON.parse(read(refused, `${name}.json`)) as WbxmlErrorPlace & { code: string };
  for (const decoder of [decode, decodeDescribed]) {
    test(`${decoder.name} refuses ${name} with ${code}`, (t) => {
      const octets = Buffer.from(read(refused, `${name}.hex`).replaceAll(/\s/g, ''), 'hex');
      const error = t.throws(() => decoder(octets), { instanceOf: WbxmlError, code });
      t.like({ offset: error?.offset, page: error?.page, token: error?.token }, place);
    });
  }
}

for (const name of namesIn(recorded, '.wbxml')) {
  const octets = readFileSync(new URL(`${name}.wbxml`, recorded));
  const xml = read(recorded, `${name}.xml`);

  test(`decodes ${name} to its readable twin`, (t) => {
    t.deepEqual(decode(octets), fromXml(xml));
    t.is(toXml(decode(octets)), xml);
  });

  test(`encodes the tree of ${name} so that it reads the same`, (t) => {
    t.is(toXml(decode(encode(fromXml(xml)))), xml);
  });

  test(`refuses ${name} cut at any octet`, (t) => {
    for (let length = 0; length < octets.length; length++) {
      const cut = octets.subarray(0, length);
      t.throws(() => decode(cut), { instanceOf: WbxmlError, code: length === 0 ? 'EMPTY' : 'TRUNCATED' });
    }
  });
}
