// The octets of a body, out of their coding.
// RFC 9110 8.4 Content-Encoding

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { EasError } from './errors.js';
import { limits } from './limits.js';

const inflate = promisify(gunzip);

/** Throws EasError CONTENT_ENCODED, BAD_GZIP, INFLATES_TOO_FAR. */
export async function decodeBody(octets: Buffer, coding: string): Promise<Buffer> {
  if (!/^(?:x-)?gzip$/i.test(coding.trim())) throw new EasError('CONTENT_ENCODED');
  if (octets.length === 0) return octets;
  try {
    return await inflate(octets, { maxOutputLength: inflatedOctets(octets.length) });
  } catch (error) {
    throw new EasError((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'INFLATES_TOO_FAR' : 'BAD_GZIP');
  }
}

/** A body may say as much as one that is not packed, and no more of it than its own length lets expect. */
function inflatedOctets(length: number): number {
  return Math.min(limits.requestOctets, Math.max(limits.inflatedOctetsAlways, length * limits.inflationRatio));
}
