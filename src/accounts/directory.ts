// SMS accounts, groups and domains in memory, with the index of who belongs to which account: every text that is sent asks.

import { allDomains } from '../store/domains.js';
import type { Store } from '../store/open.js';
import { ofEachStore, UntilChanged } from '../store/until-changed.js';
import { getGroups, getSmsAccounts } from '../store/sms-accounts.js';
import type { Domain, Group, SmsAccount, User } from '../store/tables.js';
import { readLoginName } from './names.js';

export interface DirectoryRows {
  domains: readonly Domain[];
  accounts: readonly SmsAccount[];
  groups: readonly Group[];
}

/** As it stood at one instant. */
export class Directory {
  readonly #domains: ReadonlyMap<string, Domain>;
  readonly #accounts: ReadonlyMap<string, SmsAccount>;
  /** By address of a user, by name of a domain: the first account that names it. */
  readonly #ofUser = new Map<string, SmsAccount>();
  readonly #ofGroup = new Map<string, SmsAccount>();
  readonly #ofDomain = new Map<string, SmsAccount>();
  readonly #groupsOf = new Map<string, string[]>();

  constructor({ domains, accounts, groups }: DirectoryRows) {
    this.#domains = new Map(domains.map((domain) => [domain.name, domain]));
    this.#accounts = new Map(accounts.map((account) => [account.name, account]));
    const membersOf = new Map(groups.map(({ name, members }) => [name, members]));
    for (const { name, members } of groups)
      for (const address of members) this.#groupsOf.set(address, [...(this.#groupsOf.get(address) ?? []), name]);
    for (const account of accounts) {
      for (const member of account.members) {
        const { kind, name } = readMember(member);
        if (kind === 'user') keepFirst(this.#ofUser, name, account);
        else if (kind === 'domain') keepFirst(this.#ofDomain, name, account);
        else for (const address of membersOf.get(name) ?? []) keepFirst(this.#ofGroup, address, account);
      }
    }
  }

  domain(name: string): Domain | undefined {
    return this.#domains.get(name);
  }

  /** Names of the groups that a user is a member of. */
  groupsOf(address: string): readonly string[] {
    return this.#groupsOf.get(address) ?? [];
  }

  /** By a name as people write it where they log in. */
  accountNamed(written: string): SmsAccount | undefined {
    const { address } = readLoginName(written);
    return (
      this.#accounts.get(written.toLowerCase()) ?? (address === undefined ? undefined : this.#accounts.get(address))
    );
  }

  /** The account that this user shares: by name, else as one of a group, else of a domain. */
  accountOf({ address, domain }: Pick<User, 'address' | 'domain'>): SmsAccount | undefined {
    return this.#ofUser.get(address) ?? this.#ofGroup.get(address) ?? this.#ofDomain.get(domain);
  }
}

function keepFirst(index: Map<string, SmsAccount>, key: string, account: SmsAccount): void {
  if (!index.has(key)) index.set(key, account);
}

export interface Member {
  kind: 'user' | 'group' | 'domain';
  name: string;
}

export function readMember(written: string): Member {
  const [, kind, name] = /^(group|domain):(.*)$/.exec(written) ?? [];
  return kind === undefined ? { kind: 'user', name: written } : { kind: kind as 'group' | 'domain', name: name! };
}

const ofStore = ofEachStore(
  (store) =>
    new UntilChanged(
      store,
      ['sending-terms'],
      async () =>
        new Directory(
          await store.read(function* (session) {
            return {
              domains: yield* allDomains(session),
              accounts: yield* getSmsAccounts(session),
              groups: yield* getGroups(session),
            };
          }),
        ),
    ),
);

/** Of this store as it is now; a promise only where something has changed since the last look. */
export function directoryOf(store: Store): Directory | Promise<Directory> {
  return ofStore(store).get();
}
