// How often a message was passed on: each rule, forward and server adds one, and what has too many behind it is passed on no
// more. It travels with mail and requests under this name.

export const hopsHeader = 'x-easms-hops';

/** Of a header as it came; what is no count is none. */
export function readHops(written: string | readonly string[] | undefined): number {
  const text = typeof written === 'string' ? written : undefined;
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : 0;
}
