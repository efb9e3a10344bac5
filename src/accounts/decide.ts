// Whether somebody may send, by which level, and what then holds for the text. Pure: rows in, decision out.
//
// The order is the document's: an authenticated user by policy; else the SMS account of that name and password; else the
// user of that name and password, by policy; else nobody. See docs/decisions/0100.

import type { SmsSettings } from '../store/states.js';
import type { SmsAccount, User } from '../store/tables.js';
import { counterOfAccount, counterOfUser } from '../store/sms-counters.js';
import type { Directory } from './directory.js';

/** How somebody who wants to send was found. */
export type Way =
  | 'session' // logged in elsewhere: SMTP, ActiveSync, the API, a network that is trusted
  | 'sms-account' // by name and password of an SMS account, or as a member of one with its password
  | 'system'; // by the own name and password

export interface Sender {
  way: Way;
  /** Whose mailbox hears of it. */
  user?: User | undefined;
  /** The account that was authenticated. */
  account?: SmsAccount | undefined;
}

/** The level that decided, in the words of the answer. */
export const decidingLevels = {
  'user-access': 'the access of the user',
  'domain-access': 'the access of the domain',
  'sms-account': 'the SMS account',
  'user-settings': 'the SMS settings of the user',
  'domain-settings': 'the SMS settings of the domain',
  'server-settings': 'the SMS settings of the server',
  defaults: 'the defaults',
} as const;
export type DecidingLevel = keyof typeof decidingLevels;

export type Refusal = 'ACCESS_DENIED' | 'ACCOUNT_INACTIVE' | 'ACCOUNT_EXPIRED';

/** A counter that the parts are added to, and how far it may go; 0 for any number. */
export interface Charge {
  counter: string;
  limit: number;
}

/** What holds for a text that may be sent. */
export interface Terms {
  level: DecidingLevel;
  /** The one that has to carry it, unless the sender asks for another. */
  gateway?: string;
  /** The SMS account it is counted for. */
  account?: string;
  charges: readonly Charge[];
}

export type Decision = { allowed: true; terms: Terms } | { allowed: false; code: Refusal; level: DecidingLevel };

export interface Circumstances {
  directory: Directory;
  /** Of the server. */
  smsSettings: SmsSettings;
  /** The day as the server's time zone has it, such as `2026-11-30`. */
  today: string;
}

export function decide(sender: Sender, circumstances: Circumstances): Decision {
  if (sender.way === 'sms-account') return decideByAccount(sender.account!, sender, circumstances);
  const { user } = sender;
  // Nobody in particular, for whom a trusted network vouches.
  if (!user) return { allowed: true, terms: { level: 'defaults', charges: [] } };
  const denied = findDenial(user, circumstances.directory);
  if (denied) return { allowed: false, code: 'ACCESS_DENIED', level: denied };
  const shared = sender.account ?? circumstances.directory.accountOf(user);
  return shared ? decideByAccount(shared, sender, circumstances) : decideBySettings(user, circumstances);
}

function findDenial({ smsAccess, domain }: User, directory: Directory): DecidingLevel | undefined {
  if (smsAccess !== 'inherit') return smsAccess === 'denied' ? 'user-access' : undefined;
  return directory.domain(domain)?.smsAccess === 'denied' ? 'domain-access' : undefined;
}

function decideByAccount(account: SmsAccount, { user }: Sender, { today }: Circumstances): Decision {
  const { name, active, expires, gateway, monthlyLimit } = account;
  const code = findObstacle({ active, expires }, today);
  if (code) return { allowed: false, code, level: 'sms-account' };
  // The user's own number of texts is kept as well; only the account's has a limit.
  const charges = [{ counter: counterOfAccount(name), limit: monthlyLimit }];
  if (user) charges.push({ counter: counterOfUser(user.id), limit: 0 });
  return { allowed: true, terms: { level: 'sms-account', ...(gateway && { gateway }), account: name, charges } };
}

function decideBySettings(user: User, circumstances: Circumstances): Decision {
  const { level, settings } = findSettings(user, circumstances);
  const code = findObstacle(settings, circumstances.today);
  if (code) return { allowed: false, code, level };
  const { gateway, monthlyLimit = 0 } = settings;
  const charges = [{ counter: counterOfUser(user.id), limit: monthlyLimit }];
  return { allowed: true, terms: { level, ...(gateway && { gateway }), charges } };
}

/** The first level that says anything replaces the others whole. */
function findSettings(
  { smsSettings, domain }: User,
  circumstances: Circumstances,
): { level: DecidingLevel; settings: SmsSettings } {
  if (smsSettings) return { level: 'user-settings', settings: smsSettings };
  const ofDomain = circumstances.directory.domain(domain)?.smsSettings;
  if (ofDomain) return { level: 'domain-settings', settings: ofDomain };
  const settings = circumstances.smsSettings;
  return { level: Object.keys(settings).length > 0 ? 'server-settings' : 'defaults', settings };
}

/** Valid through the last day. Days as texts compare as they follow each other. */
function findObstacle({ active, expires = null }: Validity, today: string): Refusal | undefined {
  if (active === false) return 'ACCOUNT_INACTIVE';
  return expires !== null && today > expires ? 'ACCOUNT_EXPIRED' : undefined;
}

interface Validity {
  active?: boolean;
  expires?: string | null;
}
