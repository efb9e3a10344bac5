// Making, changing and removing SMS accounts and groups: who shares a password, a gateway, a last day and a limit.

import { removeFamiliar } from '../store/familiar-places.js';
import type { Store } from '../store/open.js';
import type { Session, Transaction } from '../store/session.js';
import * as rows from '../store/sms-accounts.js';
import { counterOfAccount, type Counts, removeCounter, setCounts } from '../store/sms-counters.js';
import type { Group, SmsAccount } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { AccountError } from './errors.js';
import { limits } from './limits.js';
import { isAccountName, isDomainName, isGroupName, readAddress } from './names.js';
import { hashPassword } from './passwords.js';

interface Written extends Counts {
  active: boolean;
  /** Empty: nobody has to prove anything. */
  password: string;
  description: string;
  gateway: string;
  expires: string;
  monthlyLimit: number;
  members: string[];
}

/** A field that is absent keeps its value, `null` takes the value away. */
export type SmsAccountFields = { [Field in keyof Written]?: Written[Field] | null };

/** Makes the account, or replaces it but for the password and the counters, which stay unless they are given. */
export async function putSmsAccount(
  store: Store,
  written: string,
  fields: SmsAccountFields & { now: number },
): Promise<SmsAccount> {
  const name = requireAccountName(written);
  const { now, ...given } = fields;
  const change = await readFields({ ...bare, ...given });
  return store.transact(function* (tx) {
    const known = yield* rows.getSmsAccount(tx, name);
    const row = { name, ...bareRow, passwordHash: known?.passwordHash ?? null, ...change.row };
    return yield* write(tx, row, { counts: change.counts, now });
  });
}

const bareRow = {
  active: true,
  description: null,
  gateway: null,
  expires: null,
  monthlyLimit: 0,
  members: [] as string[],
};
const bare: SmsAccountFields = { ...bareRow };

/** Throws AccountError NO_SUCH_SMS_ACCOUNT, BAD_EXPIRY, BAD_MEMBER, BAD_PASSWORD. */
export async function patchSmsAccount(
  store: Store,
  name: string,
  fields: SmsAccountFields & { now: number },
): Promise<SmsAccount> {
  const { now, ...given } = fields;
  const change = await readFields(given);
  return store.transact(function* (tx) {
    const known = yield* requireSmsAccount(tx, name);
    return yield* write(tx, { ...known, ...change.row }, { counts: change.counts, now });
  });
}

/** With its counters. Throws AccountError NO_SUCH_SMS_ACCOUNT. */
export async function deleteSmsAccount(store: Store, name: string): Promise<void> {
  await store.transact(function* (tx) {
    const known = yield* requireSmsAccount(tx, name);
    yield* rows.removeSmsAccount(tx, known.name);
    yield* removeCounter(tx, counterOfAccount(known.name));
    yield* removeFamiliar(tx, counterOfAccount(known.name));
  });
}

/** Throws AccountError NO_SUCH_SMS_ACCOUNT. */
export async function findSmsAccount(store: Store, name: string): Promise<SmsAccount> {
  return store.read((session) => requireSmsAccount(session, name));
}

function* requireSmsAccount(tx: Session, name: string): Steps<SmsAccount> {
  const account = yield* rows.getSmsAccount(tx, name.toLowerCase());
  if (!account) throw new AccountError('NO_SUCH_SMS_ACCOUNT');
  return account;
}

function requireAccountName(written: string): string {
  if (!isAccountName(written)) throw new AccountError('BAD_SMS_ACCOUNT', 'name');
  return written.toLowerCase();
}

interface Change {
  row: Partial<rows.SmsAccountRow>;
  counts: Partial<Counts>;
}

async function readFields(fields: SmsAccountFields): Promise<Change> {
  const { password, sentThisMonth, sentPreviousMonth, lastSent, ...given } = fields;
  const row: Partial<rows.SmsAccountRow> = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [field, value ?? bareRow[field as keyof typeof bareRow]]),
  );
  if (typeof row.expires === 'string') checkDate(row.expires);
  if (row.members) row.members = row.members.map(requireMember);
  if (password !== undefined) row.passwordHash = password ? await hashPassword(password) : null;
  return { row, counts: readCounts({ sentThisMonth, sentPreviousMonth, lastSent }) };
}

type WrittenCounts = { [Field in keyof Counts]: Counts[Field] | null | undefined };

/** What is set of the counters; `null` is nothing sent. */
export function readCounts({ sentThisMonth, sentPreviousMonth, lastSent }: WrittenCounts): Partial<Counts> {
  return {
    ...(sentThisMonth !== undefined && { sentThisMonth: sentThisMonth ?? 0 }),
    ...(sentPreviousMonth !== undefined && { sentPreviousMonth: sentPreviousMonth ?? 0 }),
    ...(lastSent !== undefined && { lastSent }),
  };
}

/** A day that the calendar has. Throws AccountError BAD_EXPIRY. */
export function checkDate(written: string): void {
  const isForm = /^\d{4}-\d{2}-\d{2}$/.test(written);
  const at = isForm ? Date.parse(`${written}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== written)
    throw new AccountError('BAD_EXPIRY', 'expires');
}

function requireMember(written: string): string {
  const member = written.toLowerCase();
  const [, kind, name = ''] = /^(group|domain):(.*)$/.exec(member) ?? [];
  const isMember = kind === undefined ? readAddress(member) : kind === 'group' ? isGroupName(name) : isDomainName(name);
  if (!isMember) throw new AccountError('BAD_MEMBER', 'members');
  return member;
}

function* write(
  tx: Transaction,
  row: rows.SmsAccountRow,
  { counts, now }: { counts: Partial<Counts>; now: number },
): Steps<SmsAccount> {
  yield* rows.putSmsAccount(tx, row, now);
  if (Object.keys(counts).length > 0) yield* setCounts(tx, counterOfAccount(row.name), { ...counts, now });
  return (yield* rows.getSmsAccount(tx, row.name))!;
}

/** Throws AccountError BAD_GROUP, BAD_MEMBER. */
export async function putGroup(store: Store, name: string, members: readonly string[], now: number): Promise<Group> {
  if (!isGroupName(name)) throw new AccountError('BAD_GROUP', 'name');
  const addresses = members.map((member) => readAddress(member)?.address);
  if (addresses.some((address) => address === undefined) || addresses.length > limits.groupMembers)
    throw new AccountError('BAD_MEMBER', 'members');
  const group = { name: name.toLowerCase(), members: addresses as string[] };
  return store.transact(function* (tx) {
    yield* rows.putGroup(tx, group, now);
    return (yield* rows.getGroup(tx, group.name))!;
  });
}

/** Throws AccountError NO_SUCH_GROUP. */
export async function findGroup(store: Store, name: string): Promise<Group> {
  const group = await store.read((session) => rows.getGroup(session, name.toLowerCase()));
  if (!group) throw new AccountError('NO_SUCH_GROUP');
  return group;
}

/** Throws AccountError NO_SUCH_GROUP. */
export async function deleteGroup(store: Store, name: string): Promise<void> {
  const { name: known } = await findGroup(store, name);
  await store.transact((tx) => rows.removeGroup(tx, known));
}
