// Who is behind a name and a password. A password hash takes some 20 ms by design and a phone sends its password with
// every request, so what was verified is remembered for a few minutes and forgotten at once when the account changes.

import type { Store } from '../store/open.js';
import type { Session } from '../store/session.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser, getUserOfLocalPart } from '../store/users.js';
import { type Account, getAccount } from './access.js';
import { type NameAndPassword, readBasic } from './basic.js';
import { HashQueue } from './hash-queue.js';
import { limits } from './limits.js';
import { readLoginName } from './names.js';
import { hashPassword, isTooLong, verifyPassword } from './passwords.js';
import { VerifiedCache } from './verified-cache.js';

export class Credentials {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #cache = new VerifiedCache();
  readonly #queue = new HashQueue();
  readonly #underWay = new Map<string, Promise<Account | undefined>>();
  #changes = 0;
  #nobodysHash: Promise<string> | undefined;

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
    store.changes.listen('access', ({ userId }) => this.#forget(userId));
  }

  /**
   * A user for a right name and password, `undefined` where either is wrong: the same work for both.
   * Synchronous where it is remembered. Rejects with AccountError TOO_MANY_REQUESTS.
   */
  verify(name: string, password: string): Account | undefined | Promise<Account | undefined> {
    // No name holds U+0000, so no other pair gives the same text.
    const digest = this.#cache.digest(`${name}\0${password}`);
    return this.#cache.get(digest, this.#now()) ?? this.#verifyOnce(digest, { name, password });
  }

  /** The same for an HTTP Authorization header: one HMAC and one look where it is remembered. */
  verifyBasic(header: string | undefined): Account | undefined | Promise<Account | undefined> {
    if (header === undefined) return undefined;
    const digest = this.#cache.digest(header);
    const remembered = this.#cache.get(digest, this.#now());
    if (remembered) return remembered;
    const credentials = readBasic(header);
    return credentials && this.#verifyOnce(digest, credentials);
  }

  /** The user of this name, for whom others vouch. */
  async lookUp(name: string): Promise<Account | undefined> {
    if (!isPossible({ name, password: '' })) return undefined;
    return this.#store.read(function* (session) {
      const user = yield* findByLogin(session, name);
      return user && (yield* getAccount(session, user));
    });
  }

  #forget(userId: number): void {
    this.#cache.forgetUser(userId);
    // What is being verified now was read before the change: nobody may join it, and it is not remembered.
    this.#changes++;
    this.#underWay.clear();
  }

  /** Twenty requests of one phone that starts up cost one hash. */
  #verifyOnce(digest: string, credentials: NameAndPassword): Account | undefined | Promise<Account | undefined> {
    if (!isPossible(credentials)) return undefined;
    const joined = this.#underWay.get(digest);
    if (joined) return joined;
    const verifying: Promise<Account | undefined> = this.#verifyNow(digest, credentials).finally(() => {
      if (this.#underWay.get(digest) === verifying) this.#underWay.delete(digest);
    });
    this.#underWay.set(digest, verifying);
    return verifying;
  }

  async #verifyNow(digest: string, { name, password }: NameAndPassword): Promise<Account | undefined> {
    const changes = this.#changes;
    const user = await this.#store.read((session) => findByLogin(session, name));
    const passwordHash = user?.passwordHash ?? (await this.#hashOfNobody());
    const isRight = await this.#queue.run(() => verifyPassword(passwordHash, password));
    if (!isRight || !user?.passwordHash) return undefined;
    const account = await this.#store.read((session) => getAccount(session, user));
    if (changes === this.#changes) this.#cache.put(digest, account, this.#now());
    return account;
  }

  // An unknown name costs a hash as well, or the time of the answer would tell which names exist.
  #hashOfNobody(): Promise<string> {
    this.#nobodysHash ??= hashPassword('a password nobody has');
    return this.#nobodysHash;
  }
}

function isPossible({ name, password }: NameAndPassword): boolean {
  return name !== '' && name.length <= limits.nameCharacters && !isTooLong(password);
}

function* findByLogin(session: Session, name: string): Steps<User | undefined> {
  const { address, localPart } = readLoginName(name);
  const byAddress = address === undefined ? undefined : yield* getUser(session, address);
  if (byAddress || localPart === undefined) return byAddress;
  return yield* getUserOfLocalPart(session, localPart);
}
