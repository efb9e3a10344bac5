// The registry of tags, the ActiveSync table in it, and the element tree that both sides of the codec share.

import test from 'ava';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { documentType } from '../../src/wbxml/document-type.js';
import { child, children, element, text, textOf } from '../../src/wbxml/element.js';

const refuses = (title: string, pages: Parameters<typeof documentType>[0], message: RegExp) =>
  test(`refuses ${title}`, (t) => {
    t.throws(() => documentType(pages), { message });
  });

const One = { One: 0x0005 };

refuses(
  'a code page twice',
  [
    { page: 0, namespace: 'A', tags: One },
    { page: 0, namespace: 'B', tags: {} },
  ],
  /page 0 stands twice/,
);
refuses(
  'a namespace twice',
  [
    { page: 0, namespace: 'A', tags: One },
    { page: 1, namespace: 'A', tags: {} },
  ],
  /namespace A stands twice/,
);
refuses('a page beyond one octet', [{ page: 256, namespace: 'A', tags: {} }], /out of range/);
refuses('a page below zero', [{ page: -1, namespace: 'A', tags: {} }], /out of range/);
refuses('a token twice', [{ page: 0, namespace: 'A', tags: { One: 0x0005, Two: 0x0005 } }], /A:Two stands twice/);
refuses(
  'a legacy token that is in use',
  [{ page: 0, namespace: 'A', tags: One, legacy: { Old: 0x0005 } }],
  /A:Old stands twice/,
);
refuses(
  'a legacy name that is in use',
  [{ page: 0, namespace: 'A', tags: One, legacy: { One: 0x0006 } }],
  /A:One stands twice/,
);
refuses('a global token as a tag', [{ page: 0, namespace: 'A', tags: { Low: 0x0004 } }], /Low is out of range/);
refuses('a token with the content bit', [{ page: 0, namespace: 'A', tags: { High: 0x0045 } }], /High is out of range/);
refuses('a tag of another page', [{ page: 1, namespace: 'A', tags: One }], /One is not of code page 1/);

test('the ActiveSync table has pages 0 to 25 without 3', (t) => {
  const pages = Array.from({ length: 256 }, (_, page) => page).filter((page) => AirSyncDocument.hasPage(page));
  t.deepEqual(pages, [0, 1, 2, ...Array.from({ length: 22 }, (_, index) => index + 4)]);
});

test('looks tags up by number and by name, in their namespace', (t) => {
  t.is(AirSyncDocument.nameOf(Email.To), 'To');
  t.is(AirSyncDocument.namespaceOf(Email.To >> 8), 'Email');
  t.is(AirSyncDocument.tagOf('Email', 'To'), 0x0216);
  t.is(AirSyncDocument.tagOf('AirSync', 'Truncation'), 0x0019);
  t.is(AirSyncDocument.tagOf('AirSync', 'To'), undefined);
  t.is(AirSyncDocument.nameOf(0x002a), undefined);
  t.is(AirSyncDocument.namespaceOf(3), undefined);
});

const item = element(AirSync.Add, [
  element(AirSync.ClientId, '7'),
  undefined,
  element(AirSync.Class),
  element(AirSync.ApplicationData, [element(Email.To, '1'), element(Email.To, '2')]),
  element(AirSync.Status, Uint8Array.of(1)),
]);

test('an element leaves out children that are undefined', (t) => {
  t.deepEqual(
    children(item).map((each) => each.tag),
    [AirSync.ClientId, AirSync.Class, AirSync.ApplicationData, AirSync.Status],
  );
  t.deepEqual(element(AirSync.Add, [undefined]), { tag: AirSync.Add, content: [] });
});

test('text is undefined for an absent child and one that holds no text, and empty for an empty one', (t) => {
  t.is(text(item, AirSync.ServerId), undefined);
  t.is(text(item, AirSync.ApplicationData), undefined);
  t.is(text(item, AirSync.Status), undefined);
  t.is(text(item, AirSync.Class), '');
  t.is(text(item, AirSync.ClientId), '7');
  t.is(textOf(element(AirSync.Add, [])), '');
});

test('children are all, or those of one tag, and none of a text', (t) => {
  const data = child(item, AirSync.ApplicationData)!;
  t.deepEqual(children(data, Email.To).map(textOf), ['1', '2']);
  t.is(child(data, Email.To), children(data)[0]);
  t.deepEqual(children(element(AirSync.Add, 'text')), []);
  t.deepEqual(children(element(AirSync.Add, Uint8Array.of(1))), []);
  t.is(child(element(AirSync.Add), AirSync.Class), undefined);
});
