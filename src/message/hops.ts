// How often a message was passed on: each rule, forward and server adds one, and what has too many behind it is passed on no
// more. It travels with mail and requests under this name.

export const hopsHeader = 'x-easms-hops';

const headerOctets = 64 * 1024;

/** Of a mail as it came. */
export function hopsOfMail(octets: Uint8Array): number {
  const start = Buffer.from(octets.subarray(0, headerOctets)).toString('latin1');
  const [header = ''] = start.split(/\r?\n\r?\n/, 1);
  return readHops(/^x-easms-hops:[ \t]*(\d+)[ \t]*$/im.exec(header)?.[1]);
}

/** Of a header as it came; what is no count is none. */
export function readHops(written: string | readonly string[] | undefined): number {
  const text = typeof written === 'string' ? written : undefined;
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : 0;
}
