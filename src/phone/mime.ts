// Writes a mail of plain text as a phone sends it, and finds the addresses in a list of them.
// RFC 5322 3.6 Field Definitions; RFC 2045 6.8 Base64 Content-Transfer-Encoding

export interface OwnMail {
  readonly from: string;
  /** Addresses, or numbers. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly date: number;
  /** What makes its Message-ID unique. */
  readonly id: string;
}

export function writeMime({ from, to, subject, text, date, id }: OwnMail): Uint8Array {
  const lines = [
    `From: ${oneLine(from)}`,
    `To: ${to.map(oneLine).join(',\r\n ')}`,
    `Subject: ${encodeWords(oneLine(subject))}`,
    `Date: ${new Date(date).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${oneLine(from).split('@').at(-1)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

// What is written into a header must not begin another one.
function oneLine(value: string): string {
  return value.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

// RFC 2047 2. Syntax of encoded-words: at most 75 characters each, and no character is cut.
function encodeWords(value: string): string {
  if (/^[\x20-\x7e]{0,60}$/.test(value) && !value.includes('=?')) return value;
  const words = [''];
  for (const character of value) {
    if (Buffer.byteLength(words.at(-1) + character) > WORD_OCTETS) words.push('');
    words[words.length - 1] += character;
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

const WORD_OCTETS = 42;

// Names go, since they may hold what only an encoded header may hold. RFC 5322 3.4 Address Specification
export function addressesIn(list: string): string[] {
  const addresses: string[] = [];
  let [bare, angle]: [string, string | undefined] = ['', undefined];
  for (const [token] of `${list},`.matchAll(/"(?:[^"\\]|\\.)*"|<(?:"(?:[^"\\]|\\.)*"|[^">])*>|,|[^",<]+|./gs)) {
    if (token === ',') {
      addresses.push(angle ?? bare.trim());
      [bare, angle] = ['', undefined];
    } else if (token.length > 1 && token.startsWith('<')) angle = token.slice(1, -1).trim();
    else bare += token;
  }
  return addresses.filter((address) => address !== '');
}
