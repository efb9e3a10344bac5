// The token of the administrator.
// RFC 6750 2.1 Authorization Request Header Field

import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpError } from '../errors.js';

/** Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS, after the same time for every wrong token. */
export function tokenCheck(adminToken: string): (authorization: string | undefined) => void {
  const expected = digest(adminToken);
  return (authorization) => {
    const isBearer = authorization !== undefined && /^bearer /i.test(authorization);
    if (!isBearer) throw new HttpError('AUTHENTICATION_REQUIRED');
    const given = authorization.slice('Bearer '.length).trim();
    // Digests are equally long, which the comparison asks for and tokens need not be.
    if (!timingSafeEqual(digest(given), expected)) throw new HttpError('BAD_CREDENTIALS');
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
