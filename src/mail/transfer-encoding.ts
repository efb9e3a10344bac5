// The body of a part in 7 bit. RFC 2045 6 Content-Transfer-Encoding Header Field

export interface EncodedBody {
  encoding: '7bit' | 'quoted-printable' | 'base64';
  /** Lines are separated by CRLF; the last has none. */
  body: string;
}

// RFC 2045 6.7 Quoted-Printable, rule 5: 76 characters with the `=` that breaks a line.
const columns = 76;
const lineFeed = 0x0a;

/** As it stands where it can be, quoted-printable where most of it is ASCII, else base64. */
export function encodeText(text: string): EncodedBody {
  const lines = text.replace(/\r\n?/g, '\n');
  if (isSevenBit(lines)) return { encoding: '7bit', body: lines.replaceAll('\n', '\r\n') };
  const octets = Buffer.from(lines);
  const foreign = octets.reduce((count, octet) => count + (octet > 0x7e ? 1 : 0), 0);
  if (foreign * 4 > octets.length) return encodeOctets(Buffer.from(lines.replaceAll('\n', '\r\n')));
  return { encoding: 'quoted-printable', body: quotedPrintable(octets) };
}

/** RFC 2045 6.8 Base64 */
export function encodeOctets(octets: Uint8Array): EncodedBody {
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return { encoding: 'base64', body: view.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n') };
}

// `=_` is in each of our boundaries and in nothing that is encoded; `From ` at the start of a line is changed on the way.
function isSevenBit(text: string): boolean {
  if (/[^\n\t -~]/.test(text) || text.includes('=_')) return false;
  return text.split('\n').every((line) => line.length <= columns && !/^From |[ \t]$/.test(line));
}

function quotedPrintable(octets: Uint8Array): string {
  const written: string[] = [];
  let column = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    const next = octets[at + 1];
    const token = octet === lineFeed ? '\r\n' : quote(octet, { next, column });
    const room = next === undefined || next === lineFeed ? columns : columns - 1;
    if (octet !== lineFeed && column + token.length > room) {
      written.push('=\r\n');
      column = 0;
    }
    written.push(token);
    column = octet === lineFeed ? 0 : column + token.length;
  }
  return written.join('');
}

function quote(octet: number, place: { next: number | undefined; column: number }): string {
  const isSpace = octet === 0x20 || octet === 0x09;
  const endsLine = place.next === undefined || place.next === lineFeed;
  // A line that begins with `From ` is changed by some on the way, one that is a dot ends the mail for others.
  const isFragile = place.column === 0 && (octet === 0x46 || octet === 0x2e);
  const isPlain = isSpace ? !endsLine : octet > 0x20 && octet < 0x7f && octet !== 0x3d && !isFragile;
  return isPlain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}
