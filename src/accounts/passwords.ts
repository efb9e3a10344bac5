// Passwords as they are kept: argon2id in the PHC string format.
// RFC 9106 4 Parameter Choice

import { hash, verify } from '@node-rs/argon2';
import { AccountError } from './errors.js';
import { limits } from './limits.js';

// The library's default algorithm is argon2id; its enum of algorithms cannot be named under isolated modules.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Throws AccountError BAD_PASSWORD for one that could never be verified. */
export async function hashPassword(password: string): Promise<string> {
  if (password === '' || isTooLong(password)) throw new AccountError('BAD_PASSWORD', 'password');
  return hash(password, cost);
}

/** Takes the time of one hash whether it is right or wrong. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}

export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > limits.passwordOctets;
}
