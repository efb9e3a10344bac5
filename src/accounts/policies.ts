// Policies by scope, and what they come to for one device: each scope names what it changes of the wider one.

import { getDomain } from '../store/domains.js';
import type { Store } from '../store/open.js';
import { getPolicy, type PolicyCache, putPolicy, removePolicy } from '../store/policies.js';
import type { Session } from '../store/session.js';
import type { PolicyDocument } from '../store/states.js';
import type { Steps } from '../store/transaction.js';
import { getUser } from '../store/users.js';
import { requireDevice } from './devices.js';
import { AccountError } from './errors.js';
import { type EffectivePolicy, permissivePolicy } from './policy-fields.js';
import { readScope, scopeOfDomain, scopeOfUser, scopesOf, serverScope } from './policy-scope.js';

export interface Policy {
  scope: string;
  /** What this scope names. */
  document: PolicyDocument;
  effective: EffectivePolicy;
}

/** What the scopes come to, widest first. */
export function effectivePolicy(policies: PolicyCache, scopes: readonly string[]): EffectivePolicy {
  return Object.assign({}, permissivePolicy, ...scopes.map((scope) => policies.get(scope))) as EffectivePolicy;
}

/** Throws AccountError BAD_SCOPE, NO_SUCH_DOMAIN, NO_SUCH_USER, NO_SUCH_DEVICE, as all here do. */
export async function findPolicy(store: Store, written: string): Promise<Policy> {
  return store.read(function* (session) {
    const scopes = yield* requireScopes(session, written);
    return policyOf(store, scopes, (yield* getPolicy(session, scopes.at(-1)!)) ?? {});
  });
}

/** Writes what becomes of the document that is there. */
export async function changePolicy(
  store: Store,
  written: string,
  change: (before: PolicyDocument) => PolicyDocument,
): Promise<Policy> {
  const { scopes, document } = await store.transact(function* (tx) {
    const scopes = yield* requireScopes(tx, written);
    const scope = scopes.at(-1)!;
    const document = change((yield* getPolicy(tx, scope)) ?? {});
    if (Object.keys(document).length === 0) yield* removePolicy(tx, scope);
    else yield* putPolicy(tx, scope, document);
    return { scopes, document };
  });
  return policyOf(store, scopes, document);
}

/** The scope then says nothing of its own. */
export async function deletePolicy(store: Store, written: string): Promise<void> {
  await changePolicy(store, written, () => ({}));
}

function policyOf(store: Store, scopes: readonly string[], document: PolicyDocument): Policy {
  return { scope: scopes.at(-1)!, document, effective: effectivePolicy(store.policies, scopes) };
}

/** The scope itself last, with the wider ones before it. */
function* requireScopes(session: Session, written: string): Steps<string[]> {
  const scope = readScope(written);
  switch (scope?.kind) {
    case undefined:
      throw new AccountError('BAD_SCOPE', 'scope');
    case 'server':
      return [serverScope];
    case 'domain':
      return [serverScope, scopeOfDomain(yield* requireDomainName(session, scope.name))];
    case 'user':
      return yield* scopesOfUser(session, scope.address);
    case 'device': {
      const { user, device } = yield* requireDevice(session, scope);
      return scopesOf(user, device);
    }
  }
}

function* requireDomainName(session: Session, written: string): Steps<string> {
  const domain = yield* getDomain(session, written.toLowerCase());
  if (!domain) throw new AccountError('NO_SUCH_DOMAIN');
  return domain.name;
}

function* scopesOfUser(session: Session, address: string): Steps<string[]> {
  const user = yield* getUser(session, address.toLowerCase());
  if (!user) throw new AccountError('NO_SUCH_USER');
  return [serverScope, scopeOfDomain(user.domain), scopeOfUser(user)];
}
