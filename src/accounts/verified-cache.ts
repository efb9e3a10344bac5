// Credentials that were right a moment ago, so that a phone's every request does not cost a password hash. Kept as a
// digest under a key that lives as long as the process: the memory holds nothing that could be tried elsewhere.

import { hash, randomBytes } from 'node:crypto';
import type { Account } from './access.js';
import { limits } from './limits.js';

interface Verified {
  readonly account: Account;
  readonly until: number;
}

export class VerifiedCache {
  readonly #key = randomBytes(32).toString('base64');
  readonly #verified = new Map<string, Verified>();
  readonly #digestsOf = new Map<number, Set<string>>();

  // In one call, and the key in front instead of an HMAC: no digest ever leaves, so that nobody could lengthen one.
  digest(credentials: string): string {
    return hash('sha256', this.#key + credentials, 'base64');
  }

  get(digest: string, now: number): Account | undefined {
    const found = this.#verified.get(digest);
    if (found === undefined) return undefined;
    if (now < found.until) return found.account;
    this.#drop(digest, found);
    return undefined;
  }

  put(digest: string, account: Account, now: number): void {
    if (this.#verified.size >= limits.rememberedCredentials) this.#dropOldest();
    this.#verified.set(digest, { account, until: now + limits.rememberedForMilliseconds });
    const digests = this.#digestsOf.get(account.id);
    if (digests) digests.add(digest);
    else this.#digestsOf.set(account.id, new Set([digest]));
  }

  forgetUser(userId: number): void {
    for (const digest of this.#digestsOf.get(userId) ?? []) this.#verified.delete(digest);
    this.#digestsOf.delete(userId);
  }

  clear(): void {
    this.#verified.clear();
    this.#digestsOf.clear();
  }

  #dropOldest(): void {
    // A map gives its entries in the order they came in.
    for (const [digest, verified] of this.#verified) return this.#drop(digest, verified);
  }

  #drop(digest: string, { account }: Verified): void {
    this.#verified.delete(digest);
    const digests = this.#digestsOf.get(account.id);
    digests?.delete(digest);
    if (digests?.size === 0) this.#digestsOf.delete(account.id);
  }
}
