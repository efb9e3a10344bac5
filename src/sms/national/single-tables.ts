// What stands in place of the extension table, behind an escape: for languages that need a letter of their own now and then.
// TS 23.038 A.2 National Language Single Shift Tables
//
// The document prints a digit of the neighbouring block in two places (Oriya 0x20, Telugu 0x1C) and one digit twice (Tamil 0x24);
// the digits of the script stand here, in their order.

import { type CodeTable, printedTable, singleTable } from './printed-table.js';

const braces = '.. .. .. .. .. .. .. .. { } .. .. .. .. .. \\';
const brackets = '.. .. .. .. .. .. .. .. .. .. .. .. [ ~ ] ..';

// TS 23.038 A.2.1 Turkish National Language Single Shift Table
const turkish = printedTable(0, [
  '.. .. .. .. .. .. .. .. .. .. FF .. .. .. .. ..',
  '.. .. .. .. ^ .. .. .. .. .. .. ESC .. .. .. ..',
  braces,
  brackets,
  '| .. .. .. .. .. .. Ğ .. İ .. .. .. .. .. ..',
  '.. .. .. Ş .. .. .. .. .. .. .. .. .. .. .. ..',
  '.. .. .. ç .. € .. ğ .. ı .. .. .. .. .. ..',
  '.. .. .. ş .. .. .. .. .. .. .. .. .. .. .. ..',
]);

// TS 23.038 A.2.2 Spanish National Language Single Shift Table
const spanish = printedTable(0, [
  '.. .. .. .. .. .. .. .. .. ç FF .. .. .. .. ..',
  '.. .. .. .. ^ .. .. .. .. .. .. ESC .. .. .. ..',
  braces,
  brackets,
  '| Á .. .. .. .. .. .. .. Í .. .. .. .. .. Ó',
  '.. .. .. .. .. Ú .. .. .. .. .. .. .. .. .. ..',
  '.. á .. .. .. € .. .. .. í .. .. .. .. .. ó',
  '.. .. .. .. .. ú .. .. .. .. .. .. .. .. .. ..',
]);

// TS 23.038 A.2.3 Portuguese National Language Single Shift Table
const portuguese = printedTable(0, [
  '.. .. .. .. .. ê .. .. .. ç FF Ô ô .. Á á',
  '.. .. Φ Γ ^ Ω Π Ψ Σ Θ .. ESC .. .. .. Ê',
  braces,
  brackets,
  '| À .. .. .. .. .. .. .. Í .. .. .. .. .. Ó',
  '.. .. .. .. .. Ú .. .. .. .. .. Ã Õ .. .. ..',
  '.. Â .. .. .. € .. .. .. í .. .. .. .. .. ó',
  '.. .. .. .. .. ú .. .. .. .. .. ã õ .. .. â',
]);

const empty = '.. .. .. .. .. .. .. .. .. .. .. ..';
// Most write the signs for the end of a sentence and of a verse as Devanagari does.
const [danda, doubleDanda] = ['।', '॥'];

// TS 23.038 A.2.4 Bengali National Language Single Shift Table
const bengali = singleTable(0x0980, {
  second: ['66 67', '68 69 6a 6b'],
  third: ['6c 6d 6e 6f 5f 60 61 62', '63 72 73 74 75'],
  fourth: ['76 77 78 79 7a .. .. .. .. .. .. ..', '..'],
});

// TS 23.038 A.2.5 Gujarati National Language Single Shift Table
const gujarati = singleTable(0x0a80, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f .. ..', '.. .. .. .. ..'],
  fourth: [empty, '..'],
});

// TS 23.038 A.2.6 Hindi National Language Single Shift Table
const hindi = singleTable(0x0900, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 51 52', '53 54 58 59 5a'],
  fourth: ['5b 5c 5d 5e 5f 60 61 62 63 70 71 ..', '..'],
});

// TS 23.038 A.2.7 Kannada National Language Single Shift Table
const kannada = singleTable(0x0c80, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 5e 71', '72 .. .. .. ..'],
  fourth: [empty, '..'],
});

// TS 23.038 A.2.8 Malayalam National Language Single Shift Table
const malayalam = singleTable(0x0d00, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 70 71', '72 73 74 75 7a'],
  fourth: ['7b 7c 7d 7e 7f .. .. .. .. .. .. ..', '..'],
});

// TS 23.038 A.2.9 Oriya National Language Single Shift Table
const oriya = singleTable(0x0b00, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 5c 5d', '5f 70 71 .. ..'],
  fourth: [empty, '..'],
});

// TS 23.038 A.2.10 Punjabi National Language Single Shift Table
const punjabi = singleTable(0x0a00, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 59 5a', '5b 5c 5e 75 ..'],
  fourth: [empty, '..'],
});

// TS 23.038 A.2.11 Tamil National Language Single Shift Table
const tamil = singleTable(0x0b80, {
  second: [`${danda} ${doubleDanda}`, '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 73 74', '75 76 77 78 7a'],
  fourth: [empty, '..'],
});

// TS 23.038 A.2.12 Telugu National Language Single Shift Table
const telugu = singleTable(0x0c00, {
  second: ['.. ..', '66 67 68 69'],
  third: ['6a 6b 6c 6d 6e 6f 58 59', '78 79 7a 7b 7c'],
  fourth: ['7d 7e 7f .. .. .. .. .. .. .. .. ..', '..'],
});

// TS 23.038 A.2.13 Urdu National Language Single Shift Table
const urdu = singleTable(0x0600, {
  second: ['00 01', 'f0 f1 f2 f3'],
  third: ['f4 f5 f6 f7 f8 f9 0c 0d', '0e 0f 10 11 12'],
  fourth: ['13 14 1b 1f 40 52 58 6b 6c 72 73 cd', 'd4'],
});

/** By national language identifier. */
export const singleTables: Readonly<Record<number, CodeTable>> = {
  1: turkish,
  2: spanish,
  3: portuguese,
  4: bengali,
  5: gujarati,
  6: hindi,
  7: kannada,
  8: malayalam,
  9: oriya,
  10: punjabi,
  11: tamil,
  12: telugu,
  13: urdu,
};
