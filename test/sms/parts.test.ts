import test from 'ava';
import fc from 'fast-check';
import { alphabetOf, isPlainAscii, leadingGsm7, septetsOf } from '../../src/sms/alphabet.js';
import { countParts, splitParts, truncateToParts } from '../../src/sms/parts.js';

const a = (count: number) => 'a'.repeat(count);

// The rows of TS 23.038 6.2.1 with the code of their first and last column, as the document's table shows them.
const gsm7Samples = '@£$¥èéùìòÇ\n\rØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà';

test('takes neither the escape itself nor look-alikes for GSM 7 bit', (t) => {
  for (const character of [
    '\x1b',
    '\0',
    '\t',
    '`',
    'ç',
    'á',
    'ê',
    'Α',
    'ω',
    '’',
    '…',
    '–',
    '\u00a0',
    '😀',
    '\ud800',
    '你',
  ])
    t.is(alphabetOf(`ok ${character}`), 'ucs2', JSON.stringify(character));
});

test('has 127 characters of one septet and ten of two', (t) => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => septetsOf(unit));
  t.is(units.filter((septets) => septets === 1).length, 127);
  t.is(units.filter((septets) => septets === 2).length, 10);
  for (const character of '\f^{}\\[~]|€') t.is(septetsOf(character.charCodeAt(0)), 2, character);
  for (const character of gsm7Samples) t.is(septetsOf(character.charCodeAt(0)), 1, character);
});

test('calls plain what ASCII and the table of one septet share', (t) => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const isShared = unit < 0x80 && septetsOf(unit) === 1;
    if (isPlainAscii(String.fromCharCode(unit)) !== isShared) t.fail(`unit ${unit}`);
  }
  t.false(isPlainAscii('plain\nbut {'));
});

test('finds where a text leaves GSM 7 bit', (t) => {
  t.is(leadingGsm7(''), 0);
  t.is(leadingGsm7('€5 or ´5'), 6);
  t.is(leadingGsm7('plain'), 5);
  t.is(alphabetOf(''), 'gsm7');
});

const counted: [what: string, text: string, parts: number][] = [
  ['no character', '', 1],
  ['160 septets', a(160), 1],
  ['161 septets', a(161), 2],
  ['306 septets', a(306), 2],
  ['307 septets', a(307), 3],
  ['459 septets', a(459), 3],
  ['460 septets', a(460), 4],
  ['128 full parts', a(128 * 153), 128],
  ['one septet more than 128 parts', a(128 * 153 + 1), 129],
  ['80 escape pairs', '€'.repeat(80), 1],
  ['81 escape pairs', '€'.repeat(81), 2],
  ['an escape pair as septets 159 and 160', `${a(158)}^`, 1],
  ['an escape pair as septets 160 and 161', `${a(159)}^`, 2],
  ['an escape pair before the border, 306 in all', `${a(151)}{${a(153)}`, 2],
  ['an escape pair across the border, 306 in all', `${a(152)}{${a(152)}`, 3],
  ['an escape pair across the border, 305 in all', `${a(152)}}${a(151)}`, 2],
  ['escape pairs alone: 76 in a part, not 76.5', '€'.repeat(153), 3],
  ['70 units', 'я'.repeat(70), 1],
  ['71 units', 'я'.repeat(71), 2],
  ['134 units', 'я'.repeat(134), 2],
  ['135 units', 'я'.repeat(135), 3],
  ['69 characters and one outside GSM 7 bit', `${a(69)}ç`, 1],
  ['70 characters and one outside GSM 7 bit', `${a(70)}ç`, 2],
  ['an emoji as units 69 and 70', `${a(68)}😀`, 1],
  ['an emoji as units 70 and 71', `${a(69)}😀`, 2],
  ['an emoji before the border, 134 in all', `${a(65)}😀${a(67)}`, 2],
  ['an emoji across the border, 134 in all', `${a(66)}😀${a(66)}`, 3],
  ['an emoji across the border, 133 in all', `${a(66)}😀${a(65)}`, 2],
  ['emoji alone: 33 in a part, not 33.5', '😀'.repeat(67), 3],
  ['a lone high surrogate at the border', `${a(66)}\ud83d${a(67)}`, 2],
  ['a lone low surrogate behind the border', `${a(67)}\ude00${a(66)}`, 2],
];

for (const [what, text, parts] of counted) {
  test(`lays out in ${parts}: ${what}`, (t) => {
    t.is(countParts(text), parts);
    t.is(splitParts(text).length, parts);
  });
}

test('ends a part early rather than splitting a pair', (t) => {
  t.deepEqual(splitParts(`${a(152)}€${a(20)}`), [a(152), `€${a(20)}`]);
  t.deepEqual(splitParts(`${a(66)}😀${a(20)}`), [a(66), `😀${a(20)}`]);
});

test('cuts to one part with the room of a part that stands alone', (t) => {
  t.is(truncateToParts(a(500), 1), a(160));
  t.is(truncateToParts(a(500), 2), a(306));
  t.is(truncateToParts(a(160), 1), a(160));
  t.is(truncateToParts('я'.repeat(100), 1), 'я'.repeat(70));
  t.is(truncateToParts(`${a(159)}€`, 1), a(159));
  t.is(truncateToParts(`${a(69)}😀`, 1), a(69));
  t.is(truncateToParts('', 1), '');
});

test('cuts with the room of GSM 7 bit where only the cut-off rest needed UCS2', (t) => {
  t.is(truncateToParts(`${a(200)}😀`, 1), a(160));
  t.is(truncateToParts(`${a(100)}😀`, 1), a(100));
  t.is(truncateToParts(`${a(60)}😀${a(60)}`, 1), `${a(60)}😀${a(8)}`);
  t.is(truncateToParts(`${a(135)}я${a(200)}`, 2), a(135));
});

// Long enough to have borders, and rich in what must not be split there.
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('€', '{', 'z', 'à') },
  { weight: 2, arbitrary: fc.nat(160).map(a) },
);
const gsm7Text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const ucs2Piece = fc.oneof(piece, fc.constantFrom('😀', '\ud83d', '\ude00', 'я'));
const text = fc.oneof(
  gsm7Text,
  fc.array(ucs2Piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
);

const septetsIn = (part: string) => [...part].reduce((sum, character) => sum + septetsOf(character.charCodeAt(0)), 0);
const isCutInPair = (part: string, next = '') => /[\ud800-\udbff]$/.test(part) && /^[\udc00-\udfff]/.test(next);

test('parts joined are the text, and as many as counted', (t) => {
  const holds = (from: string) => {
    t.is(splitParts(from).join(''), from);
    t.is(splitParts(from).length, countParts(from));
  };
  fc.assert(fc.property(text, holds));
});

test('no part is larger than its room, empty, or ends inside a pair', (t) => {
  const holds = (from: string) => {
    const parts = splitParts(from);
    const isGsm7 = alphabetOf(from) === 'gsm7';
    const room = isGsm7 ? (parts.length === 1 ? 160 : 153) : parts.length === 1 ? 70 : 67;
    for (const [at, part] of parts.entries()) {
      t.true((isGsm7 ? septetsIn(part) : part.length) <= room);
      t.true(part !== '' || from === '');
      t.false(isCutInPair(part, parts[at + 1]));
    }
  };
  fc.assert(fc.property(text, holds));
});

test('truncating gives the longest beginning that fits', (t) => {
  const holds = (from: string, maxParts: number) => {
    const kept = truncateToParts(from, maxParts);
    t.true(from.startsWith(kept));
    t.true(countParts(kept) <= maxParts);
    const next = String.fromCodePoint(from.codePointAt(kept.length) ?? 0x20);
    t.true(kept === from || countParts(kept + next) > maxParts);
  };
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 6 }), holds));
});
