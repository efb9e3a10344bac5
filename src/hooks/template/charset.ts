// Texts as octets of another character set than UTF-8. What the set does not have becomes a question mark.

export interface Charset {
  readonly name: string;
  readonly encode: (text: string) => Uint8Array;
  /** The text as it reads when it has gone through the set. */
  readonly fit: (text: string) => string;
}

const substitute = '?';

const singleByte = [
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((part) => `iso-8859-${part}`),
  ...[1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => `windows-${page}`),
  'koi8-r',
  'koi8-u',
  'macintosh',
  'ibm866',
];

// TextDecoder takes these for windows-1252, which has other characters from 0x80 to 0x9F.
const identical: Readonly<Record<string, number>> = { 'us-ascii': 0x7f, 'iso-8859-1': 0xff };

// 0x80 to 0x9F; the rest is as in ISO 8859-1. Written out because some releases of Node decode it as if it were that.
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const otherNames: Readonly<Record<string, string>> = {
  ascii: 'us-ascii',
  utf8: 'utf-8',
  latin1: 'iso-8859-1',
  'latin-1': 'iso-8859-1',
  latin2: 'iso-8859-2',
  'latin-2': 'iso-8859-2',
  'iso-latin-1': 'iso-8859-1',
  'utf-16': 'utf-16be',
  'ucs-2': 'utf-16be',
  ucs2: 'utf-16be',
};

const found = new Map<string, Charset>();

/** Undefined where there is none of that name: `ISO-8859-2`, `latin2`, `windows-1250`, `cp1250`, `utf-16be` are some. */
export function findCharset(written: string): Charset | undefined {
  const lower = written.trim().toLowerCase().replaceAll('_', '-');
  const name =
    otherNames[lower] ?? lower.replace(/^(?:cp|win)-?(?=125\d$)/, 'windows-').replace(/^iso-?8859-?/, 'iso-8859-');
  const charset = found.get(name) ?? build(name);
  if (charset) found.set(name, charset);
  return charset;
}

function build(name: string): Charset | undefined {
  const all = { name, fit: (text: string) => text };
  if (name === 'utf-8') return { ...all, encode: (text) => new TextEncoder().encode(text) };
  if (name === 'utf-16le') return { ...all, encode: (text) => Buffer.from(text, 'utf16le') };
  if (name === 'utf-16be') return { ...all, encode: (text) => Buffer.from(text, 'utf16le').swap16() };
  const characters = charactersOf(name);
  return characters && { name, ...ofSingleOctets(characters) };
}

/** By octet. */
function charactersOf(name: string): readonly string[] | undefined {
  const octets = [...Array(256).keys()];
  const last = identical[name];
  if (last !== undefined) return octets.slice(0, last + 1).map((octet) => String.fromCharCode(octet));
  if (name === 'windows-1252') return octets.map((octet) => windows1252[octet - 0x80] ?? String.fromCharCode(octet));
  if (!singleByte.includes(name)) return undefined;
  const decoder = new TextDecoder(name);
  return octets.map((octet) => decoder.decode(Uint8Array.of(octet)));
}

function ofSingleOctets(characters: readonly string[]): Pick<Charset, 'encode' | 'fit'> {
  const octets = new Map(characters.map((character, octet) => [character, octet]));
  // What an octet without a meaning decodes to.
  octets.delete('\ufffd');
  const fitted = (text: string): string[] =>
    Array.from(text.normalize('NFC'), (character) => (octets.has(character) ? character : substitute));
  return {
    encode: (text) => Uint8Array.from(fitted(text), (character) => octets.get(character)!),
    fit: (text) => fitted(text).join(''),
  };
}
