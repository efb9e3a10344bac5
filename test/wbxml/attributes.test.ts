// Attributes, which ActiveSync does not have: of client provisioning, of settings, of service indications.

import test from 'ava';
import { AttributeSpace } from '../../src/wbxml/attribute-space.js';
import { decode } from '../../src/wbxml/decode.js';
import { attributed, attributeOf, element } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { WbxmlError, type WbxmlErrorCode } from '../../src/wbxml/errors.js';
import { limits } from '../../src/wbxml/limits.js';
import { OtaDocument } from '../../src/wbxml/ota/document.js';
import { Prov, ProvDocument } from '../../src/wbxml/prov/document.js';
import { Si, SiDocument } from '../../src/wbxml/si/document.js';
import { SyncMl11Document } from '../../src/wbxml/syncml/document.js';
import { SyncMl } from '../../src/wbxml/syncml/syncml.js';
import { fromXml, toXml } from '../../src/wbxml/xml.js';

const header = '030b6a00';
const octets = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

const refused: [string, WbxmlErrorCode, string, number][] = [
  ['an attribute that the page does not have', 'UNKNOWN_TOKEN', '85 4d 01', 5],
  ['a value that the page does not have', 'UNKNOWN_TOKEN', '85 50 ff 01', 6],
  ['a value before the first attribute', 'UNEXPECTED_TOKEN', '85 85 01', 5],
  ['a text before the first attribute', 'UNEXPECTED_TOKEN', '85 03 78 00 01', 5],
  ['an attribute page that is none', 'UNKNOWN_PAGE', '85 00 02 50 01', 5],
  ['a literal name', 'UNEXPECTED_TOKEN', '85 04 00 01', 5],
  ['an extension in a value', 'UNSUPPORTED_TOKEN', '85 50 40 78 00 01', 6],
  ['octets after a text', 'MIXED_CONTENT', '85 50 03 78 00 c3 01 00 01', 9],
  ['a text after octets', 'MIXED_CONTENT', '85 50 c3 01 00 03 78 00 01', 9],
  ['a reference outside the string table', 'BAD_REFERENCE', '85 50 83 05 01', 6],
  ['an entity beyond Unicode', 'BAD_INTEGER', '85 50 02 c4 80 00 01', 6],
  ['attributes that do not end', 'TRUNCATED', '85 50 03 78 00', 9],
];
for (const [title, code, digits, offset] of refused)
  test(`refuses ${title}`, (t) => {
    const error = t.throws(() => decode(octets(header + digits), ProvDocument), { instanceOf: WbxmlError, code });
    t.is(error?.offset, offset);
  });

test('refuses attributes in types that have none', (t) => {
  t.throws(() => decode(octets('03016a00 c5 05 01 01')), { instanceOf: WbxmlError, code: 'UNSUPPORTED_TOKEN' });
  t.throws(() => decode(octets('029f536a00 ed 05 01 01'), SyncMl11Document), { code: 'UNSUPPORTED_TOKEN' });
});

test('refuses more attributes than a document may have', (t) => {
  const many = Buffer.concat([octets(`${header} 85`), Buffer.alloc(limits.attributes + 1, 0x50), octets('01')]);
  t.throws(() => decode(many, ProvDocument), { instanceOf: WbxmlError, code: 'TOO_MANY_NODES' });
});

test('refuses to write what has no token, and too deep a tree', (t) => {
  t.throws(() => encode(attributed(Prov.parm, { nope: 'x' }), ProvDocument), { code: 'UNKNOWN_NAME' });
  t.throws(() => encode(attributed(Prov.parm, { nope: octets('00') }), ProvDocument), { code: 'UNKNOWN_NAME' });
  t.throws(() => encode(element(0x000f), ProvDocument), { code: 'UNKNOWN_TOKEN' });
  let deep = element(Prov.characteristic);
  for (let depth = 0; depth < limits.depth; depth++) deep = element(Prov.characteristic, [deep]);
  t.throws(() => encode(deep, ProvDocument), { code: 'TOO_DEEP' });
});

test('a table that contradicts itself is refused at load', (t) => {
  const space = (starts: Record<string, number>, values: Record<string, number>) => () =>
    new AttributeSpace([{ page: 0, starts, values }]);
  t.throws(space({ a: 0x05, b: 0x05 }, {}), { message: /token of another/ });
  t.throws(space({}, { a: 0x85, b: 0x85 }), { message: /token of another/ });
  for (const [starts, values] of [
    [{ a: 0x85 }, {}],
    [{ a: 0x04 }, {}],
    [{}, { a: 0x05 }],
    [{}, { a: 0xc3 }],
  ] as const)
    t.throws(space(starts, values), { message: /out of range/ });
});

test('a value is read from tokens, texts, the string table and entities', (t) => {
  // "a" in the string table, then href="http://www." "x" ".com/" "a" U+00E9
  const si = octets('02 05 6a 02 61 00 45 86 0d 03 78 00 85 83 00 02 81 69 01 01');
  const root = decode(si, SiDocument);
  t.is(attributeOf((root.content as [typeof root])[0], 'href'), 'http://www.x.com/aé');
});

test('the page of attributes lasts beyond the element, and apart from that of tags', (t) => {
  const tree = attributed(Prov['wap-provisioningdoc'], { version: '1.0' }, [
    attributed(Prov.characteristic, { type: 'APPLICATION' }, [
      attributed(Prov.parm, { name: 'APPID', value: 'w2' }),
      attributed(Prov.parm, { name: 'X', value: 'APPSRV' }),
    ]),
  ]);
  const written = encode(tree, ProvDocument);
  t.is(Buffer.from(written).toString('hex'), '030b6a00c54601c6000155018736000006037732000187050358000600018d010101');
  t.deepEqual(decode(written, ProvDocument), tree);
});

test('octets of an attribute are kept, and shown as digits', (t) => {
  const tree = element(Si.si, [attributed(Si.indication, { created: octets('2024') }, 'x')]);
  const written = encode(tree, SiDocument);
  t.is(Buffer.from(written).toString('hex'), '02056a0045c60ac3022024010378000101');
  t.regex(toXml(decode(written, SiDocument), SiDocument), /<indication created="2024">x</);
});

test('attributes are escaped in XML and read back', (t) => {
  const tree = attributed(Prov.parm, { name: 'a"b<c>&\n\t', value: 'é\u2028' });
  t.deepEqual(fromXml(toXml(tree, ProvDocument), ProvDocument), tree);
  t.deepEqual(decode(encode(tree, ProvDocument), ProvDocument), tree);
});

test('an empty value and an absent one are told apart', (t) => {
  t.is(
    Buffer.from(encode(attributed(Prov.parm, { name: 'INIT', value: '' }), ProvDocument)).toString('hex'),
    `${header}870503494e495400${'06'}01`,
  );
  t.is(attributeOf(attributed(Prov.parm, { name: 'INIT' }), 'value'), undefined);
});

test('an element with attributes may be empty, and one without may hold a text', (t) => {
  const root = decode(octets('01016a00 45 86 06 01 07 01'), OtaDocument);
  t.is(
    toXml(root, OtaDocument).replaceAll(/\n\s*/g, ''),
    '<?xml version="1.0" encoding="UTF-8"?><CHARACTERISTIC-LIST><CHARACTERISTIC TYPE="ADDRESS"/><PARM/></CHARACTERISTIC-LIST>',
  );
});

test('SyncML is written with its public id', (t) => {
  t.is(Buffer.from(encode(element(SyncMl.SyncML), SyncMl11Document)).toString('hex'), '029f536a002d');
});
