// A JSON Web Token with a shared key, as far as webhooks use it.
// RFC 7519 7.2 Validating a JWT, RFC 7515 5.2 Message Signature or MAC Validation, RFC 7518 3.2 HMAC with SHA-2 Functions

import { limits } from './limits.js';
import { type HmacAlgorithm, hmac, isSame } from './signatures.js';
import { type JsonObject, objectOf } from './webhook-fields.js';

// The header chooses among these and no others: `none` and public keys are how tokens are forged.
const algorithms: ReadonlyMap<unknown, HmacAlgorithm> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

/** The claims of a token that was signed with the key. */
export function readToken(token: string, key: string): JsonObject | undefined {
  if (token.length > limits.tokenCharacters || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const algorithm = algorithms.get(readPart(header)?.alg);
  if (!algorithm) return undefined;
  const expected = hmac(algorithm, key, `${header}.${claims}`);
  return isSame(Buffer.from(signature, 'base64url'), expected) ? readPart(claims) : undefined;
}

function readPart(part: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Whether `nbf` and `exp` hold at that time, in epoch milliseconds. A token without an end never holds. */
export function isCurrent({ nbf, exp }: JsonObject, at: number, leewaySeconds: number): boolean {
  const seconds = at / 1_000;
  const hasBegun = nbf === undefined || (typeof nbf === 'number' && seconds >= nbf - leewaySeconds);
  return hasBegun && typeof exp === 'number' && seconds < exp + leewaySeconds;
}
