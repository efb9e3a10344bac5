// Tokens of the API that an administrator hands out: made once, shown once, known by their digest.

import { createHash, randomBytes } from 'node:crypto';
import type { Store } from '../store/open.js';
import type { Token } from '../store/tables.js';
import type { TokenScope } from '../store/states.js';
import * as rows from '../store/tokens.js';
import { UntilChanged } from '../store/until-changed.js';
import { AccountError } from './errors.js';

const tokenName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export interface NewToken {
  name: string;
  scopes: readonly TokenScope[];
  /** The one gateway that it is for. */
  gateway: string | null;
  now: number;
}

/** What is given to whoever shall use it. Throws AccountError BAD_TOKEN_NAME. */
export async function makeToken(store: Store, { name, scopes, gateway, now }: NewToken): Promise<string> {
  if (!tokenName.test(name)) throw new AccountError('BAD_TOKEN_NAME', 'name');
  const token = `easms_${randomBytes(32).toString('base64url')}`;
  const row = { name, digest: digestOf(token), scopes: [...new Set(scopes)], gateway, createdAt: now };
  await store.transact((tx) => rows.putToken(tx, row));
  return token;
}

/** Throws AccountError NO_SUCH_TOKEN. */
export async function deleteToken(store: Store, name: string): Promise<void> {
  const wasThere = await store.transact((tx) => rows.removeToken(tx, name));
  if (!wasThere) throw new AccountError('NO_SUCH_TOKEN');
}

/** Throws AccountError NO_SUCH_TOKEN. */
export async function findToken(store: Store, name: string): Promise<Token> {
  const token = await store.read((session) => rows.getToken(session, name));
  if (!token) throw new AccountError('NO_SUCH_TOKEN');
  return token;
}

/** All tokens in memory: every request of the API asks. */
export class KnownTokens {
  readonly #byDigest: UntilChanged<ReadonlyMap<string, Token>>;

  constructor(store: Store) {
    const read = async () => new Map((await store.read(rows.getTokens)).map((token) => [token.digest, token]));
    this.#byDigest = new UntilChanged(store, ['tokens'], read);
  }

  /** Looked for by digest: how long that takes tells nothing of a token. */
  async find(given: string): Promise<Token | undefined> {
    return (await this.#byDigest.get()).get(digestOf(given));
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
