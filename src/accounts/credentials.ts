// Who is behind a name and a password. A password hash takes some 20 ms by design and a phone sends its password with
// every request, so what was verified is remembered for a few minutes and forgotten at once when the account changes.

import type { Store } from '../store/open.js';
import type { Session } from '../store/session.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUser, getUserOfLocalPart } from '../store/users.js';
import { type Account, getAccount } from './access.js';
import { type NameAndPassword, readBasic } from './basic.js';
import { FamiliarPlaces } from './familiar-places.js';
import { limits } from './limits.js';
import { type Guess, Lockout } from './lockout.js';
import { readLoginName } from './names.js';
import { networkOf } from './network-of.js';
import { PasswordCheck } from './password-check.js';
import { isTooLong } from './passwords.js';
import { RateLimits } from './rate-limits.js';
import { SenderCredentials } from './sender-credentials.js';
import { VerifiedCache } from './verified-cache.js';

export class Credentials {
  /** Of whoever wants to send, by the same rules and measures. */
  readonly senders: SenderCredentials;
  readonly passwords = new PasswordCheck();
  readonly rates: RateLimits;
  readonly places: FamiliarPlaces;
  readonly #store: Store;
  readonly #now: () => number;
  readonly #cache = new VerifiedCache();
  readonly #lockout = new Lockout();
  readonly #underWay = new Map<string, Promise<Account | undefined>>();
  #changes = 0;

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
    this.rates = new RateLimits({ store, now });
    this.places = new FamiliarPlaces(store);
    this.senders = new SenderCredentials(store, this);
    store.changes.listen('access', ({ userId }) => this.#forget(userId));
    store.changes.listen('settings', () => this.#forgetAllOnOtherBackEnd());
  }

  /**
   * A user for a right name and password, `undefined` where either is wrong: the same work for both. Synchronous where it
   * is remembered.
   * Rejects with AccountError TOO_MANY_REQUESTS, LOCKED_OUT, BACK_END_UNAVAILABLE.
   */
  verify(name: string, password: string, origin?: Origin): Account | undefined | Promise<Account | undefined> {
    const digest = this.digest(name, password);
    return this.#cache.get(digest, this.#now()) ?? this.#verifyOnce(digest, { name, password, ...origin });
  }

  /** The same for an HTTP Authorization header: one HMAC and one look where it is remembered. */
  verifyBasic(header: string | undefined, origin?: Origin): Account | undefined | Promise<Account | undefined> {
    if (header === undefined) return undefined;
    const digest = this.#cache.digest(header);
    const remembered = this.#cache.get(digest, this.#now());
    if (remembered) return remembered;
    const credentials = readBasic(header);
    return credentials && this.#verifyOnce(digest, { ...credentials, ...origin });
  }

  /** The user of this name, for whom others vouch. */
  async lookUp(name: string): Promise<Account | undefined> {
    if (!isPossible({ name, password: '' })) return undefined;
    return this.#store.read(function* (session) {
      const user = yield* findByLogin(session, name);
      return user && (yield* getAccount(session, user));
    });
  }

  // No name holds U+0000, so no other pair gives the same text.
  digest(name: string, password: string): string {
    return this.#cache.digest(`${name}\0${password}`);
  }

  /** Runs a check of a password and counts what it comes to; `undefined` is wrong. Rejects with AccountError LOCKED_OUT. */
  async guard<T>(given: Guess, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const guess = await this.#begin({ ...given, address: given.address && networkOf(given.address) });
    let found: T | undefined;
    try {
      found = await check();
    } catch (error) {
      this.#lockout.abandon(guess, this.#now());
      throw error;
    }
    if (found === undefined) {
      this.#lockout.fail(guess);
      return undefined;
    }
    this.#lockout.succeed(guess, this.#now());
    this.places.note(guess, this.#now());
    return found;
  }

  /** Whoever is locked out where the name is familiar is counted by that place alone. */
  async #begin(guess: Guess): Promise<Guess> {
    try {
      this.#lockout.begin(guess, this.#now());
      return guess;
    } catch (lockedOut) {
      const familiar = await this.places.find(guess);
      if (familiar === undefined) throw lockedOut;
      const counted = { ...guess, familiar };
      this.#lockout.begin(counted, this.#now());
      return counted;
    }
  }

  /** By the back end of the settings, without counting. */
  async check(user: User | undefined, written: NameAndPassword): Promise<Account | undefined> {
    const { auth } = this.#store.settings.current;
    const isRight = await this.passwords.isRight(user, written, auth);
    return isRight ? this.#store.read((session) => getAccount(session, user!)) : undefined;
  }

  findUser(name: string): Promise<User | undefined> {
    return this.#store.read((session) => findByLogin(session, name));
  }

  #forget(userId: number): void {
    this.#cache.forgetUser(userId);
    this.#forgetWhatIsUnderWay();
  }

  // What is being verified now was read before the change: nobody may join it, and it is not remembered.
  #forgetWhatIsUnderWay(): void {
    this.#changes++;
    this.#underWay.clear();
  }

  #backEnd = '';

  #forgetAllOnOtherBackEnd(): void {
    const backEnd = JSON.stringify(this.#store.settings.current.auth);
    if (backEnd === this.#backEnd) return;
    this.#backEnd = backEnd;
    this.#cache.clear();
    this.#forgetWhatIsUnderWay();
  }

  /** Twenty requests of one phone that starts up cost one hash. */
  #verifyOnce(digest: string, credentials: Given): Account | undefined | Promise<Account | undefined> {
    if (!isPossible(credentials)) return undefined;
    const joined = this.#underWay.get(digest);
    if (joined) return joined;
    const verifying: Promise<Account | undefined> = this.#verifyNow(digest, credentials).finally(() => {
      if (this.#underWay.get(digest) === verifying) this.#underWay.delete(digest);
    });
    this.#underWay.set(digest, verifying);
    return verifying;
  }

  async #verifyNow(digest: string, { address, deviceOf, ...written }: Given): Promise<Account | undefined> {
    const changes = this.#changes;
    const user = await this.findUser(written.name);
    const guess = {
      name: guessedName(user, written.name),
      address,
      device: deviceOf?.(),
      digest: this.digest(written.name, written.password),
    };
    const account = await this.guard(guess, () => this.check(user, written));
    if (account && changes === this.#changes) this.#cache.put(digest, account, this.#now());
    return account;
  }
}

/** Where a request comes from. */
export interface Origin {
  address?: string | undefined;
  /** What the device calls itself, which is asked only where the password has to be checked. */
  deviceOf?: () => string | undefined;
}

interface Given extends NameAndPassword, Origin {}

/** One name for one user, whichever way it is written. */
export function guessedName(user: Pick<User, 'id'> | undefined, name: string): string {
  return user ? `user:${user.id}` : `name:${name.toLowerCase()}`;
}

export function isPossible({ name, password }: NameAndPassword): boolean {
  return name !== '' && name.length <= limits.nameCharacters && !isTooLong(password);
}

function* findByLogin(session: Session, name: string): Steps<User | undefined> {
  const { address, localPart } = readLoginName(name);
  const byAddress = address === undefined ? undefined : yield* getUser(session, address);
  if (byAddress || localPart === undefined) return byAddress;
  return yield* getUserOfLocalPart(session, localPart);
}
