// Properties of the codec over arbitrary trees and arbitrary octets. The seed is fixed, so that every run is the same.

import { readFileSync, readdirSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { decode } from '../../src/wbxml/decode.js';
import { decodeDescribed } from '../../src/wbxml/described.js';
import { element, type Content, type Element, type Tag } from '../../src/wbxml/element.js';
import { encode, encodeContent } from '../../src/wbxml/encode.js';
import { WbxmlError } from '../../src/wbxml/errors.js';
import { fromXml, toXml } from '../../src/wbxml/xml.js';

const seed = 20_261;

const knownTags: Tag[] = [];
for (let page = 0; page < 256; page++) {
  for (let token = 0; token < 64; token++)
    if (AirSyncDocument.known[(page << 6) | token] === 1) knownTags.push((page << 8) | token);
}

// What survives the wire: no controls but tab, LF and CR, no half of a surrogate pair, nothing else that XML cannot hold.
const onTheWire = (text: string) => text.replace(/[^\P{Control}\t\n\r\u007F-\u009F]|\uFFFE|\uFFFF/gu, '');
const wireText = fc.string({ unit: 'binary' }).map(onTheWire);
const octets = fc.uint8Array({ maxLength: 300 });
const anyTag = fc.constantFrom(...knownTags);

// Empty content has one form in a decoded tree.
function decoded(tag: Tag, content: Content): Element {
  return element(tag, content?.length === 0 ? undefined : content);
}

const { tree } = fc.letrec<{ tree: Element; content: Content }>((tie) => ({
  tree: fc.tuple(anyTag, tie('content')).map(([tag, content]) => decoded(tag, content)),
  content: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constant(undefined),
    wireText,
    octets,
    fc.array(tie('tree'), { maxLength: 6 }),
  ),
}));

type Outcome = { root: Element } | { code: string; offset: unknown; page: unknown; token: unknown };

// Anything but a tree or a WbxmlError fails the property.
function outcomeOf(decoder: typeof decode, input: Uint8Array): Outcome {
  try {
    return { root: decoder(input) };
  } catch (error) {
    if (!(error instanceof WbxmlError)) throw error;
    const { code, offset, page, token } = error;
    return { code, offset, page, token };
  }
}

const fixtures = new URL('../../../fixtures/wbxml/', import.meta.url);
const recorded = readdirSync(fixtures).filter((file) => file.endsWith('.wbxml'));
const documents = recorded.map((file) => new Uint8Array(readFileSync(new URL(file, fixtures))));

const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
const mutated = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...documents),
      tree.map((root) => encode(root)),
    ),
    flips,
  )
  .map(([source, changes]) => {
    const changed = source.slice();
    for (const [place, value] of changes) changed[place % changed.length] = value;
    return changed;
  });

// Octets that the grammar knows come often, so that random documents get past their first token.
const likely = fc.constantFrom(0x00, 0x01, 0x03, 0x83, 0xc3, 0x45, 0x05, 0x4b, 0x02, 0x11, 0x30, 0x80, 0xff);
const tokens = fc.array(
  fc.oneof({ weight: 6, arbitrary: likely }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) }),
  {
    maxLength: 80,
  },
);
const header = fc.constantFrom(
  [0x03, 0x01, 0x6a, 0x00],
  [0x03, 0x00, 0x00, 0x6a, 0x03, 0x41, 0x42, 0x00],
  [0x02, 0x01, 0x6a, 0x02, 0x00, 0xff],
);
const grammatical = fc.tuple(header, tokens).map(([head, body]) => Uint8Array.from([...head, ...body]));

const agree = (input: Uint8Array) => {
  const outcome = outcomeOf(decode, input);
  return [outcome, outcomeOf(decodeDescribed, input)] as const;
};

for (const [title, source, numRuns] of [
  ['random octets', octets, 500],
  ['random octets after a header', grammatical, 3000],
  ['documents with changed octets', mutated, 2000],
] as const) {
  test(`${title} give a tree or a WbxmlError, and the same one by both ways of decoding`, (t) => {
    const property = fc.property(source, (input) => {
      const [byHand, described] = agree(input);
      t.deepEqual(byHand, described);
    });
    t.notThrows(() => fc.assert(property, { seed, numRuns }));
  });
}

test('every prefix of a document is refused as cut', (t) => {
  const property = fc.property(tree, (root) => {
    const whole = encode(root);
    for (let length = 1; length < Math.min(whole.length, 400); length++) {
      const outcome = outcomeOf(decode, whole.subarray(0, length));
      if (!('code' in outcome) || outcome.code !== 'TRUNCATED') return false;
    }
    return true;
  });
  t.notThrows(() => fc.assert(property, { seed, numRuns: 100 }));
});

test('children that were encoded by themselves give the octets of the tree, whatever page they end in', (t) => {
  const lists = fc.array(tree, { maxLength: 6 });
  const held = (tag: Tag, children: Element[]) => element(tag, encodeContent(children, tag >> 8));
  fc.assert(
    fc.property(anyTag, anyTag, lists, tree, (outer, inner, children, next) => {
      const whole = encode(element(outer, [element(inner, children), next]));
      t.deepEqual(encode(element(outer, [held(inner, children), next])), whole);
    }),
    { seed, numRuns: 300 },
  );
});

test('children encoded for an element of another page are a mistake of the caller', (t) => {
  const [first] = knownTags;
  const other = knownTags.find((tag) => tag >> 8 !== first! >> 8)!;
  t.throws(() => encode(element(other, encodeContent([element(first!, 'x')], first! >> 8))), {
    instanceOf: TypeError,
  });
});

test('decode reads what encode wrote, by both ways', (t) => {
  const property = fc.property(tree, (root) => {
    t.deepEqual(decode(encode(root)), root);
    t.deepEqual(decodeDescribed(encode(root)), root);
  });
  t.notThrows(() => fc.assert(property, { seed, numRuns: 300 }));
});

test('encode writes any text so that decode and XML read it', (t) => {
  const unit = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 11, 0xd83d, 0xdc4b, 0xfffe, 0xffff));
  const anyText = fc.array(unit, { maxLength: 200 }).map((units) => String.fromCharCode(...units));
  const property = fc.property(anyText, (dirty) => {
    const back = decode(encode(element(knownTags[0]!, dirty)));
    t.is(back.content ?? '', Buffer.from(onTheWire(dirty)).toString());
    t.deepEqual(fromXml(toXml(back)), back);
  });
  t.notThrows(() => fc.assert(property, { seed, numRuns: 500 }));
});

test('the readable twin reads back as the tree it was made of', (t) => {
  const property = fc.property(tree, (root) => {
    t.deepEqual(fromXml(toXml(root)), root);
  });
  t.notThrows(() => fc.assert(property, { seed, numRuns: 200 }));
});
