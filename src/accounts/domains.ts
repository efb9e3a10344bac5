// Making, changing and removing domains, and telling everybody in them.

import { type DomainChange, getDomain, putDomain, removeDomain } from '../store/domains.js';
import type { Store } from '../store/open.js';
import type { Session, Transaction } from '../store/session.js';
import type { Domain } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserIdsOfDomain } from '../store/users.js';
import { AccountError } from './errors.js';
import { isDomainName } from './names.js';

const unwritten = { smsAccess: 'allowed', deviceDefaultState: null, smsSettings: null } satisfies DomainChange;

/** Throws AccountError BAD_DOMAIN. */
export async function replaceDomain(store: Store, name: string, fields: DomainChange): Promise<Domain> {
  if (!isDomainName(name)) throw new AccountError('BAD_DOMAIN');
  return store.transact((tx) => write(tx, name.toLowerCase(), { ...unwritten, ...fields }));
}

/** Throws AccountError NO_SUCH_DOMAIN. */
export async function patchDomain(store: Store, name: string, fields: DomainChange): Promise<Domain> {
  return store.transact(function* (tx) {
    const known = yield* requireDomain(tx, name);
    return yield* write(tx, known.name, fields);
  });
}

/** Throws AccountError NO_SUCH_DOMAIN, DOMAIN_IN_USE. */
export async function deleteDomain(store: Store, name: string): Promise<void> {
  await store.transact(function* (tx) {
    const known = yield* requireDomain(tx, name);
    if ((yield* getUserIdsOfDomain(tx, known.name)).length > 0) throw new AccountError('DOMAIN_IN_USE');
    yield* removeDomain(tx, known.name);
  });
}

/** Throws AccountError NO_SUCH_DOMAIN. */
export async function findDomain(store: Store, name: string): Promise<Domain> {
  return store.read((session) => requireDomain(session, name));
}

function* requireDomain(tx: Session, name: string): Steps<Domain> {
  const domain = yield* getDomain(tx, name.toLowerCase());
  if (!domain) throw new AccountError('NO_SUCH_DOMAIN');
  return domain;
}

function* write(tx: Transaction, name: string, change: DomainChange): Steps<Domain> {
  yield* putDomain(tx, name, change);
  for (const userId of yield* getUserIdsOfDomain(tx, name)) tx.announce({ topic: 'access', userId });
  return (yield* getDomain(tx, name))!;
}
