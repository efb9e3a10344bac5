// Making, changing and removing users. A user comes with a mailbox, and the first of a domain with the domain.

import { isUniqueViolation } from '../store/dialect.js';
import { putDomain } from '../store/domains.js';
import { removeFamiliar } from '../store/familiar-places.js';
import { createMailbox } from '../store/mailboxes.js';
import type { Store } from '../store/open.js';
import { removePoliciesOf } from '../store/policies.js';
import type { Transaction } from '../store/session.js';
import { counterOfUser, type Counts, removeCounter, setCounts } from '../store/sms-counters.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import * as rows from '../store/users.js';
import { AccountError } from './errors.js';
import { readAddress, readAlias, readMailAddress } from './names.js';
import { hashPassword } from './passwords.js';
import { checkDate, readCounts } from './sms-accounts.js';

interface Written extends Counts {
  password: string;
  displayName: string;
  phoneNumber: string;
  aliases: string[];
  smsAccess: User['smsAccess'];
  forwardTo: string[];
  smsSettings: NonNullable<User['smsSettings']>;
  admin: boolean;
}

/** What can be written of a user. A field that is absent keeps its value, `null` takes the value away. */
export type UserFields = { [Field in keyof Written]?: Written[Field] | null };

const unwritten = {
  displayName: null,
  phoneNumber: null,
  aliases: [],
  smsAccess: 'inherit',
  forwardTo: [],
  smsSettings: null,
  admin: false,
} as const satisfies UserFields;

/**
 * Makes the user, or replaces all that stood there but the mailbox. A password that is not given stays, because nobody
 * who read the user could give it back. Throws AccountError BAD_ADDRESS, BAD_FORWARD, BAD_PASSWORD, BAD_EXPIRY, ADDRESS_TAKEN.
 */
export async function putUser(store: Store, address: string, fields: UserFields & { now: number }): Promise<Put> {
  const { now, ...given } = fields;
  const named = readAddress(address);
  if (!named) throw new AccountError('BAD_ADDRESS', 'address');
  const change = await readFields({ ...unwritten, ...given }, named.domain);
  return inOneCommit(store, function* (tx) {
    const known = yield* rows.getUser(tx, named.address);
    if (known && known.address !== named.address) throw new AccountError('ADDRESS_TAKEN', 'address');
    if (known) return { user: yield* write(tx, known, { ...change, now }), isNew: false };
    yield* putDomain(tx, named.domain);
    const user = yield* rows.insertUser(tx, { ...named, aliases: [], forwardTo: [], createdAt: now });
    yield* createMailbox(tx, user.id);
    return { user: yield* write(tx, user, { ...change, now }), isNew: true };
  });
}

export interface Put {
  user: User;
  isNew: boolean;
}

/** Throws AccountError NO_SUCH_USER, BAD_ADDRESS, BAD_FORWARD, BAD_PASSWORD, BAD_EXPIRY, ADDRESS_TAKEN. */
export async function patchUser(
  store: Store,
  address: string,
  { now = Date.now(), ...fields }: UserFields & { now?: number },
): Promise<User> {
  const { domain } = await findUser(store, address);
  const change = await readFields(fields, domain);
  return inOneCommit(store, function* (tx) {
    return yield* write(tx, yield* requireUser(tx, address), { ...change, now });
  });
}

/** Removes the user and the mailbox. Throws AccountError NO_SUCH_USER. */
export async function deleteUser(store: Store, address: string): Promise<void> {
  await store.transact(function* (tx) {
    const { id, address: own } = yield* requireUser(tx, address);
    yield* rows.removeUser(tx, id);
    yield* removePoliciesOf(tx, own);
    yield* removeCounter(tx, counterOfUser(id));
    yield* removeFamiliar(tx, counterOfUser(id));
    tx.announce({ topic: 'access', userId: id });
  });
}

/** By address or alias. Throws AccountError NO_SUCH_USER. */
export async function findUser(store: Store, address: string): Promise<User> {
  return store.read((session) => requireUser(session, address));
}

function* requireUser(tx: Parameters<typeof rows.getUser>[0], address: string): Steps<User> {
  const user = yield* rows.getUser(tx, address.toLowerCase());
  if (!user) throw new AccountError('NO_SUCH_USER');
  return user;
}

type Change = rows.UserChange & { names?: string[]; counts?: Partial<Counts> };

async function readFields(written: UserFields, domain: string): Promise<Change> {
  const { password, sentThisMonth, sentPreviousMonth, lastSent, ...fields } = written;
  const change: Change = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value ?? unwrittenOf(name)]),
  );
  const counts = readCounts({ sentThisMonth, sentPreviousMonth, lastSent });
  if (Object.keys(counts).length > 0) change.counts = counts;
  if (change.smsSettings?.expires !== undefined) checkDate(change.smsSettings.expires);
  if (change.aliases) change.names = change.aliases.map((alias) => requireAlias(alias, domain));
  if (change.forwardTo) change.forwardTo = readForwardTo(change.forwardTo);
  if (password !== undefined) change.passwordHash = password === null ? null : await hashPassword(password);
  return change;
}

function unwrittenOf(field: string): unknown {
  return unwritten[field as keyof typeof unwritten];
}

function requireAlias(alias: string, domain: string): string {
  const address = readAlias(alias, domain);
  if (address === undefined) throw new AccountError('BAD_ADDRESS', 'aliases');
  return address;
}

// Of a phone: as the API writes it, which knows its parameters.
const phone = /^sms:\+?\d{1,20}(?:\?[!-~]{1,1000})?$/;

function readForward(written: string): string | undefined {
  return phone.test(written) ? written : readMailAddress(written);
}

function readForwardTo(written: readonly string[]): string[] {
  const addresses = new Map(written.map((each) => [each.trim().toLowerCase(), readForward(each)]));
  return [...addresses.values()].map((address) => {
    if (address === undefined) throw new AccountError('BAD_FORWARD', 'forwardTo');
    return address;
  });
}

function* write(tx: Transaction, user: User, { names, counts, now, ...change }: Change & { now: number }): Steps<User> {
  if (names) yield* writeNames(tx, user, names);
  if (counts) yield* setCounts(tx, counterOfUser(user.id), { ...counts, now });
  tx.announce({ topic: 'access', userId: user.id });
  return Object.keys(change).length === 0 ? user : yield* rows.updateUser(tx, user.id, change);
}

function* writeNames(tx: Transaction, user: User, aliases: readonly string[]): Steps<void> {
  const names = [...new Set([user.address, ...aliases])];
  const taken = yield* rows.getTakenAddresses(tx, names, user.id);
  if (taken.length > 0) throw new AccountError('ADDRESS_TAKEN', taken.includes(user.address) ? 'address' : 'aliases');
  yield* rows.replaceAddresses(tx, user.id, names);
}

/** Two nodes that give one address at the same instant: the index knows it, after both have looked. */
async function inOneCommit<T>(store: Store, body: (tx: Transaction) => Steps<T>): Promise<T> {
  try {
    return await store.transact(body);
  } catch (error) {
    throw isUniqueViolation(error) ? new AccountError('ADDRESS_TAKEN', 'address') : error;
  }
}
