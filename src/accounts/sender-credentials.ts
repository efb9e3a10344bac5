// Who wants to send, by name and password: first as an SMS account or a member of one, then as a user.

import type { Store } from '../store/open.js';
import type { SmsAccount, User } from '../store/tables.js';
import type { Account } from './access.js';
import { getAccount } from './access.js';
import { type Credentials, guessedName, isPossible } from './credentials.js';
import type { Sender } from './decide.js';
import { type Directory, directoryOf } from './directory.js';
import { limits } from './limits.js';

interface Remembered {
  sender: Sender;
  until: number;
}

export interface SenderLogin {
  name: string;
  /** Absent or empty is right for an SMS account that has none. */
  password: string | undefined;
  /** Where the request comes from. */
  address?: string | undefined;
  now: number;
}

export class SenderCredentials {
  readonly #store: Store;
  readonly #credentials: Credentials;
  readonly #remembered = new Map<string, Remembered>();
  readonly #underWay = new Map<string, Promise<Sender | undefined>>();
  #changes = 0;

  constructor(store: Store, credentials: Credentials) {
    this.#store = store;
    this.#credentials = credentials;
    const forgetAll = (): void => {
      this.#changes++;
      this.#remembered.clear();
      this.#underWay.clear();
    };
    store.changes.listen('sending-terms', forgetAll);
    store.changes.listen('access', forgetAll);
  }

  /**
   * `undefined` where neither is right. Synchronous where it is remembered.
   * Rejects with AccountError TOO_MANY_REQUESTS, LOCKED_OUT, BACK_END_UNAVAILABLE.
   */
  verify(login: SenderLogin): Sender | undefined | Promise<Sender | undefined> {
    const { name, password = '', now } = login;
    if (!isPossible({ name, password })) return undefined;
    const digest = this.#credentials.digest(name, password);
    const remembered = this.#remembered.get(digest);
    if (remembered && now < remembered.until) return remembered.sender;
    const directory = directoryOf(this.#store);
    if (directory instanceof Promise) return directory.then((known) => this.#verify(known, login, digest));
    return this.#verify(directory, login, digest);
  }

  /** For whom a trusted network vouches: a user, else an SMS account. */
  async lookUp(name: string): Promise<Sender | undefined> {
    const user = await this.#credentials.lookUp(name);
    if (user) return { way: 'session', user };
    const account = (await directoryOf(this.#store)).accountNamed(name);
    return account && { way: 'sms-account', account };
  }

  #verify(directory: Directory, login: SenderLogin, digest: string): Sender | undefined | Promise<Sender | undefined> {
    const account = directory.accountNamed(login.name);
    // As the account says: nobody has to prove anything. Nothing of a user is touched.
    if (account?.passwordHash === null && !login.password) return { way: 'sms-account', account };
    return login.password ? this.#findOnce(directory, login, digest) : undefined;
  }

  /** Twenty requests at once cost one hash. */
  #findOnce(directory: Directory, login: SenderLogin, digest: string): Promise<Sender | undefined> {
    const joined = this.#underWay.get(digest);
    if (joined) return joined;
    const changes = this.#changes;
    const finding: Promise<Sender | undefined> = this.#find(directory, login, digest).then((sender) => {
      if (sender && changes === this.#changes) this.#remember(digest, sender, login.now);
      return sender;
    });
    this.#underWay.set(digest, finding);
    const forget = (): void => {
      if (this.#underWay.get(digest) === finding) this.#underWay.delete(digest);
    };
    finding.then(forget, forget);
    return finding;
  }

  async #find(directory: Directory, login: SenderLogin, digest: string): Promise<Sender | undefined> {
    const { name, password = '', address } = login;
    const user = await this.#credentials.findUser(name);
    const named = directory.accountNamed(name);
    const shared = named ?? (user && directory.accountOf(user));
    const written = { name, password };
    if (!shared?.passwordHash) return systemSender(await this.#credentials.verify(name, password, { address }));
    // An account that bears the name of its member: who proves to be the one is the other.
    const member = named && user && directory.accountOf(user) !== named ? undefined : user;
    const guess = { name: named ? `account:${named.name}` : guessedName(user, name), address, digest };
    return this.#credentials.guard(guess, async () => {
      const isOfAccount = await this.#credentials.passwords.isOfHash(shared.passwordHash, password);
      if (isOfAccount) return this.#accountSender(shared, member);
      return systemSender(await this.#credentials.check(user, written));
    });
  }

  async #accountSender(account: SmsAccount, member: User | undefined): Promise<Sender> {
    if (!member) return { way: 'sms-account', account };
    return { way: 'sms-account', account, user: await this.#store.read((session) => getAccount(session, member)) };
  }

  #remember(digest: string, sender: Sender, now: number): void {
    // All at once: what is still in use costs a look into the other memory, or one hash.
    if (this.#remembered.size >= limits.rememberedCredentials) this.#remembered.clear();
    this.#remembered.set(digest, { sender, until: now + limits.rememberedForMilliseconds });
  }
}

function systemSender(user: Account | undefined): Sender | undefined {
  return user && { way: 'system', user };
}
