// An answer in parts: the document, and behind it the octets that its Part elements refer to.
// MS-ASCMD 2.2.1.10.1 Delivery of Content Requested by Fetch

export const multipartType = 'application/vnd.ms-sync.multipart';

const integerOctets = 4;

// Little-endian integers of four octets: how many parts, then offset and length of each, then the parts. Offsets count
// from the start of the body.
//
//   02 00 00 00   14 00 00 00  05 00 00 00   19 00 00 00  03 00 00 00   …5 octets   …3 octets
//   2 parts       at 20, 5 octets            at 25, 3 octets
export function writeMultipart(parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(integerOctets * (1 + 2 * parts.length));
  head.writeUInt32LE(parts.length);
  let offset = head.length;
  for (const [index, part] of parts.entries()) {
    head.writeUInt32LE(offset, integerOctets * (1 + 2 * index));
    head.writeUInt32LE(part.length, integerOctets * (2 + 2 * index));
    offset += part.length;
  }
  return Buffer.concat([head, ...parts], offset);
}
