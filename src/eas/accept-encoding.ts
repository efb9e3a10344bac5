// Whether an answer may be packed.
// RFC 9110 12.5.3 Accept-Encoding

import { limits } from './limits.js';

/** Whether gzip is named, or every coding, with a weight above 0. A header that nobody writes is as good as none. */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined || header.length > limits.acceptEncodingCharacters) return false;
  const weights = new Map(header.split(',').map(readCoding));
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}

// RFC 9110 12.4.2 Quality Values
function readCoding(written: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((each) => each.startsWith('q='));
  return [coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}
