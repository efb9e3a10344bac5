// Whether a password is the right one for a user, by whatever back end the settings name.

import type { AuthSettings } from '../store/settings.js';
import type { User } from '../store/tables.js';
import { HashQueue } from './hash-queue.js';
import { verifyByImap } from './imap-login.js';
import { verifyByLdap } from './ldap-bind.js';
import { limits } from './limits.js';
import { hashPassword, verifyPassword } from './passwords.js';

export class PasswordCheck {
  readonly #hashes = new HashQueue();
  readonly #logins = new HashQueue({ running: limits.runningLogins, waiting: limits.waitingLogins });
  #nobodysHash: Promise<string> | undefined;

  /**
   * The same work for a name that nobody has, or the time of the answer would tell which names exist.
   * Rejects with AccountError TOO_MANY_REQUESTS, BACK_END_UNAVAILABLE.
   */
  async isRight(user: User | undefined, { name, password }: Written, auth: AuthSettings): Promise<boolean> {
    const isRight = await this.#ask(auth, { address: user?.address ?? name.toLowerCase(), password }, user);
    return isRight && user !== undefined;
  }

  /** Against one hash, which may be absent: then it is wrong, after the same time. */
  async isOfHash(passwordHash: string | null | undefined, password: string): Promise<boolean> {
    const known = passwordHash ?? (await this.#hashOfNobody());
    const isRight = await this.#hashes.run(() => verifyPassword(known, password));
    return isRight && passwordHash !== null && passwordHash !== undefined;
  }

  #ask(auth: AuthSettings, login: Login, user: User | undefined): Promise<boolean> {
    if (auth.backend === 'imap') return this.#logins.run(() => verifyByImap(auth.imap, login));
    if (auth.backend === 'ldap') return this.#logins.run(() => verifyByLdap(auth.ldap, login));
    return this.isOfHash(user?.passwordHash, login.password);
  }

  #hashOfNobody(): Promise<string> {
    this.#nobodysHash ??= hashPassword('a password nobody has');
    return this.#nobodysHash;
  }
}

interface Written {
  name: string;
  password: string;
}

/** What a back end is asked. */
export interface Login {
  /** Of the user, whatever name was written. */
  address: string;
  password: string;
}
