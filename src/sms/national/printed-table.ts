// Tables of 128 codes, written as the document prints them.

/** By code, 0x00 to 0x7F; `undefined` where the table has nothing. */
export type CodeTable = readonly (string | undefined)[];

const named: Readonly<Record<string, string | undefined>> = { SP: ' ', LF: '\n', CR: '\r', FF: '\f', ESC: '\x1b' };

/**
 * Eight lines, one for each column of the document's table, of sixteen codes each. A character stands for itself, two
 * hexadecimal digits for a character of the script's block of Unicode, `..` for nothing, and a name for what cannot be seen.
 *
 * @param block where the block begins: 0x0900 for Devanagari
 */
export function printedTable(block: number, columns: readonly string[]): CodeTable {
  const codes = columns.flatMap((column) => column.split(' '));
  if (codes.length !== 0x80) throw new RangeError(`a table has 128 codes, not ${codes.length}`);
  return codes.map((code) => {
    if (code.length === 1) return code;
    if (code === '..' || code === 'ESC') return undefined;
    return named[code] ?? String.fromCharCode(block + Number.parseInt(code, 16));
  });
}

const letters = 'a b c d e f g h i j k l m n o';

/** A locking shift table of India or Pakistan: its signs, digits and letters of ASCII stand where all of them have them. */
export function lockingTable(block: number, own: LockingColumns): CodeTable {
  const { first, second, third, fourth, fifth, sixth, seventh, eighth } = own;
  const [a, b, c, d] = third;
  return printedTable(block, [
    first,
    second,
    `SP ! ${a} ) ( ${b} , ${c} . ${d}`,
    `0 1 2 3 4 5 6 7 8 9 : ; ${fourth} ?`,
    fifth,
    sixth,
    `${seventh} ${letters}`,
    `p q r s t u v w x y z ${eighth}`,
  ]);
}

export interface LockingColumns {
  /** 0x00 to 0x0F. */
  first: string;
  /** 0x10 to 0x1F. */
  second: string;
  /** 0x22 to 0x27, 0x2A and 0x2B, 0x2D, 0x2F. */
  third: readonly [string, string, string, string];
  /** 0x3C to 0x3E. */
  fourth: string;
  /** 0x40 to 0x4F. */
  fifth: string;
  /** 0x50 to 0x5F. */
  sixth: string;
  /** 0x60. */
  seventh: string;
  /** 0x7B to 0x7F. */
  eighth: string;
}

/** A single shift table of India or Pakistan: signs, capitals of ASCII, and what each has of its own. */
export function singleTable(block: number, own: SingleColumns): CodeTable {
  const { second, third, fourth } = own;
  return printedTable(block, [
    `@ £ $ ¥ ¿ " ¤ % & ' FF * + .. - /`,
    `< = > ¡ ^ ¡ _ # * ${second[0]} ESC ${second[1]}`,
    `${third[0]} { } ${third[1]} \\`,
    `${fourth[0]} [ ~ ] ${fourth[1]}`,
    '| A B C D E F G H I J K L M N O',
    'P Q R S T U V W X Y Z .. .. .. .. ..',
    '.. .. .. .. .. € .. .. .. .. .. .. .. .. .. ..',
    '.. .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..',
  ]);
}

export interface SingleColumns {
  /** 0x19 and 0x1A, 0x1C to 0x1F. */
  second: readonly [string, string];
  /** 0x20 to 0x27, 0x2A to 0x2E. */
  third: readonly [string, string];
  /** 0x30 to 0x3B, 0x3F. */
  fourth: readonly [string, string];
}
