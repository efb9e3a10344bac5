// What stands in place of the GSM 7 bit default alphabet, for languages that spend most of a text on their own letters.
// TS 23.038 A.3 National Language Locking Shift Tables
//
// The document prints PA (0C AA) twice for Kannada, at 0x24 and at 0x3D; the first stands where all its sisters have DDA (A1).

import { type CodeTable, lockingTable, printedTable } from './printed-table.js';

// TS 23.038 A.3.1 Turkish National Language Locking Shift Table
const turkish = printedTable(0, [
  '@ £ $ ¥ € é ù ı ò Ç LF Ğ ğ CR Å å',
  'Δ _ Φ Γ Λ Ω Π Ψ Σ Θ Ξ ESC Ş ş ß É',
  `SP ! " # ¤ % & ' ( ) * + , - . /`,
  '0 1 2 3 4 5 6 7 8 9 : ; < = > ?',
  'İ A B C D E F G H I J K L M N O',
  'P Q R S T U V W X Y Z Ä Ö Ñ Ü §',
  'ç a b c d e f g h i j k l m n o',
  'p q r s t u v w x y z ä ö ñ ü à',
]);

// TS 23.038 A.3.3 Portuguese National Language Locking Shift Table
const portuguese = printedTable(0, [
  '@ £ $ ¥ ê é ú í ó ç LF Ô ô CR Á á',
  'Δ _ ª Ç À ∞ ^ \\ € Ó | ESC Â â Ê É',
  `SP ! " # º % & ' ( ) * + , - . /`,
  '0 1 2 3 4 5 6 7 8 9 : ; < = > ?',
  'Í A B C D E F G H I J K L M N O',
  'P Q R S T U V W X Y Z Ã Õ Ú Ü §',
  '~ a b c d e f g h i j k l m n o',
  'p q r s t u v w x y z ã õ ` ü à',
]);

// TS 23.038 A.3.4 Bengali National Language Locking Shift Table
const bengali = lockingTable(0x0980, {
  first: '01 02 03 05 06 07 08 09 0a 0b LF 0c .. CR .. 0f',
  second: '10 .. .. 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 .. 32 .. .. .. 36 37 38 39 3c 3d',
  sixth: '3e 3f 40 41 42 43 44 .. .. 47 48 .. .. 4b 4c 4d',
  seventh: '4e',
  eighth: '57 5c 5d 70 71',
});

// TS 23.038 A.3.5 Gujarati National Language Locking Shift Table
const gujarati = lockingTable(0x0a80, {
  first: '01 02 03 05 06 07 08 09 0a 0b LF 0c 0d CR .. 0f',
  second: '10 11 .. 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 .. 32 33 .. 35 36 37 38 39 3c 3d',
  sixth: '3e 3f 40 41 42 43 44 45 .. 47 48 49 .. 4b 4c 4d',
  seventh: '50',
  eighth: '60 61 62 63 71',
});

// TS 23.038 A.3.6 Hindi National Language Locking Shift Table
const hindi = lockingTable(0x0900, {
  first: '01 02 03 05 06 07 08 09 0a 0b LF 0c 0d CR 0e 0f',
  second: '10 11 12 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '29 2a 2b',
  fifth: '2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3c 3d',
  sixth: '3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d',
  seventh: '50',
  eighth: '72 7b 7c 7e 7f',
});

// TS 23.038 A.3.7 Kannada National Language Locking Shift Table
const kannada = lockingTable(0x0c80, {
  first: '.. 02 03 05 06 07 08 09 0a 0b LF 0c .. CR 0e 0f',
  second: '10 .. 12 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 31 32 33 .. 35 36 37 38 39 3c 3d',
  sixth: '3e 3f 40 41 42 43 44 .. 46 47 48 .. 4a 4b 4c 4d',
  seventh: '55',
  eighth: '56 60 61 62 63',
});

// TS 23.038 A.3.8 Malayalam National Language Locking Shift Table
const malayalam = lockingTable(0x0d00, {
  first: '.. 02 03 05 06 07 08 09 0a 0b LF 0c .. CR 0e 0f',
  second: '10 .. 12 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 .. 3d',
  sixth: '3e 3f 40 41 42 43 44 .. 46 47 48 .. 4a 4b 4c 4d',
  seventh: '57',
  eighth: '60 61 62 63 79',
});

// TS 23.038 A.3.9 Oriya National Language Locking Shift Table
const oriya = lockingTable(0x0b00, {
  first: '01 02 03 05 06 07 08 09 0a 0b LF 0c .. CR .. 0f',
  second: '10 .. .. 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 .. 32 33 .. 35 36 37 38 39 3c 3d',
  sixth: '3e 3f 40 41 42 43 44 .. .. 47 48 .. .. 4b 4c 4d',
  seventh: '56',
  eighth: '57 60 61 62 63',
});

// TS 23.038 A.3.10 Punjabi National Language Locking Shift Table
const punjabi = lockingTable(0x0a00, {
  first: '01 02 03 05 06 07 08 09 0a .. LF .. .. CR .. 0f',
  second: '10 .. .. 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 .. 32 33 .. 35 36 .. 38 39 3c ..',
  sixth: '3e 3f 40 41 42 .. .. .. .. 47 48 .. .. 4b 4c 4d',
  seventh: '51',
  eighth: '70 71 72 73 74',
});

// TS 23.038 A.3.11 Tamil National Language Locking Shift Table
const tamil = lockingTable(0x0b80, {
  first: '.. 02 03 05 06 07 08 09 0a .. LF .. .. CR 0e 0f',
  second: '10 .. 12 13 14 15 .. .. .. 19 1a ESC .. 1c .. 1e',
  third: ['1f .. .. .. 23 24', '.. ..', '..', '28'],
  fourth: '29 2a ..',
  fifth: '.. .. 2e 2f 30 31 32 33 34 35 36 37 38 39 .. ..',
  sixth: '3e 3f 40 41 42 .. .. .. 46 47 48 .. 4a 4b 4c 4d',
  seventh: '50',
  eighth: '57 70 71 72 79',
});

// TS 23.038 A.3.12 Telugu National Language Locking Shift Table
const telugu = lockingTable(0x0c00, {
  first: '01 02 03 05 06 07 08 09 0a 0b LF 0c .. CR 0e 0f',
  second: '10 .. 12 13 14 15 16 17 18 19 1a ESC 1b 1c 1d 1e',
  third: ['1f 20 21 22 23 24', '25 26', '27', '28'],
  fourth: '.. 2a 2b',
  fifth: '2c 2d 2e 2f 30 31 32 33 .. 35 36 37 38 39 .. 3d',
  sixth: '3e 3f 40 41 42 43 44 .. 46 47 48 .. 4a 4b 4c 4d',
  seventh: '55',
  eighth: '56 60 61 62 63',
});

// TS 23.038 A.3.13 Urdu National Language Locking Shift Table
const urdu = lockingTable(0x0600, {
  first: '27 22 28 7b 80 7e a6 2a c2 7f LF 79 7d CR 7a 7c',
  second: '2b 2c 81 84 83 85 86 87 2d 2e 2f ESC 8c 88 89 8a',
  third: ['8f 8d 30 31 91 93', '99 32', '96', '98'],
  fourth: '9a 33 34',
  fifth: '35 36 37 38 39 41 42 a9 aa ab af b3 b1 44 45 46',
  sixth: 'ba bb bc 48 c4 d5 c1 be 21 cc d0 d2 4d 50 4f 57',
  seventh: '54',
  eighth: '55 51 53 56 70',
});

/** By national language identifier; Spanish has none. */
export const lockingTables: Readonly<Record<number, CodeTable>> = {
  1: turkish,
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
