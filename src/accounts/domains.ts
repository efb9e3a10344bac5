// Making, changing and removing domains, and telling everybody in them.

import { type DomainChange, getDomain, putDomain, removeDomain } from '../store/domains.js';
import type { Store } from '../store/open.js';
import { removePolicy } from '../store/policies.js';
import type { Session, Transaction } from '../store/session.js';
import type { Domain } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserIdsOfDomain } from '../store/users.js';
import { AccountError } from './errors.js';
import { isDomainName } from './names.js';
import { scopeOfDomain } from './policy-scope.js';
import { checkDate } from './sms-accounts.js';

const unwritten = { smsAccess: 'allowed', deviceDefaultState: null, smsSettings: null } as const satisfies DomainChange;

/** What can be written of a domain. A field that is absent keeps its value, `null` takes the value away. */
export type DomainFields = { [Field in keyof DomainChange]?: DomainChange[Field] | null };

/** Throws AccountError BAD_DOMAIN, BAD_EXPIRY. */
export async function replaceDomain(store: Store, name: string, fields: DomainFields): Promise<Domain> {
  if (!isDomainName(name)) throw new AccountError('BAD_DOMAIN');
  return store.transact((tx) => write(tx, name.toLowerCase(), { ...unwritten, ...fields }));
}

/** Throws AccountError NO_SUCH_DOMAIN, BAD_EXPIRY. */
export async function patchDomain(store: Store, name: string, fields: DomainFields): Promise<Domain> {
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
    yield* removePolicy(tx, scopeOfDomain(known.name));
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

function* write(tx: Transaction, name: string, fields: DomainFields): Steps<Domain> {
  if (fields.smsSettings?.expires !== undefined) checkDate(fields.smsSettings.expires);
  const change: DomainChange = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, value ?? unwritten[field as keyof typeof unwritten]]),
  );
  yield* putDomain(tx, name, change);
  for (const userId of yield* getUserIdsOfDomain(tx, name)) tx.announce({ topic: 'access', userId });
  return (yield* getDomain(tx, name))!;
}
