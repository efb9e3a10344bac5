// The headers that a mail of a device lacks, or must not carry, when it leaves; its body stays to the octet.
// RFC 6409 8 Message Modifications

export interface HeaderEdit {
  /** Names in lower case of fields that are taken away. */
  without: readonly string[];
  /** Whole fields in 7 bit with their line ends, put at the top. */
  fields: readonly string[];
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

// A field and the lines that continue it. RFC 5322 2.2.3 Long Header Fields
const field = /[^\n]+(?:\n[ \t][^\n]*)*\n?/g;
const fieldName = /^([!-9;-~]+)[ \t]*:/;

export function editHeaders(octets: Uint8Array, { without, fields }: HeaderEdit): Uint8Array {
  const end = endOfHeaders(octets);
  const header = Buffer.from(octets.subarray(0, end)).toString('latin1');
  const kept = (header.match(field) ?? []).filter((each) => !without.includes(nameOf(each)));
  const edited = [...fields, ...kept].join('');
  // A header that nothing follows may lack the end of its last line.
  const closed = edited === '' || edited.endsWith('\n') ? edited : `${edited}\r\n`;
  return Buffer.concat([Buffer.from(closed, 'latin1'), octets.subarray(end)]);
}

function nameOf(written: string): string {
  return (fieldName.exec(written)?.[1] ?? '').toLowerCase();
}

/** Where the empty line begins that ends the headers. */
function endOfHeaders(octets: Uint8Array): number {
  let start = 0;
  for (let at = octets.indexOf(lineFeed); at !== -1; at = octets.indexOf(lineFeed, start)) {
    const isEmpty = at === start || (at === start + 1 && octets[start] === carriageReturn);
    if (isEmpty) return start;
    start = at + 1;
  }
  return octets.length;
}
