// The server's settings: one document in the store, read from memory.

import { eq } from 'drizzle-orm';
import type { Store } from './open.js';
import { openSettings, sealSettingsValue } from './sealing.js';
import type { Session, Transaction } from './session.js';
import type { DeviceState, SmsSettings } from './states.js';
import { run, type Steps } from './transaction.js';

export interface Settings {
  /** ISO 3166 code that numbers without a country are read in, or none. */
  defaultCountry: string | undefined;
  expireMinutes: number;
  warningMinutes: number;
  device: {
    defaultState: DeviceState;
    provisioning: 'required' | 'optional';
    requireDeviceInformation: boolean;
    maxOutboxSyncAgeMinutes: number;
    offerTimeoutMinutes: number;
    confirmTimeoutMinutes: number;
    loopLimitPerMinute: number;
  };
  incoming: {
    /** How long a part of a long text waits for the next one. */
    reassemblyMinutes: number;
    /** `#email#` in a text names the user who is to have it. */
    deliverByHash: boolean;
    /** An answer goes to whoever wrote to its number last. */
    deliverToOriginalSender: boolean;
    /** How long, from when the text was sent. */
    keepMinutes: number;
    /** What the other side is told where several wrote to it. */
    conflictMessage: string;
  };
  retry: { firstSeconds: number; maxSeconds: number; factor: number; jitter: number; maxAttempts: number };
  webhooks: { firstSeconds: number; maxSeconds: number; factor: number; jitter: number; giveUpAfterMinutes: number };
  push: {
    /** A phone is notified of changes once in this time. */
    quietMinutes: number;
    /** How long the first change waits for others. */
    bundleSeconds: number;
    /** After which a notification is worth nothing. */
    expireMinutes: number;
  };
  rules: RuleSettings;
  mail: MailSettings;
  smsSettings: SmsSettings;
  auth: AuthSettings;
  /** Requests a minute; 0 for any number. */
  rateLimits: { sendsPerSender: number; requestsPerDevice: number; requestsPerAddress: number };
  /** How long it is kept who changed what; 0 for ever. */
  audit: { keepDays: number };
}

/** What rules may do outside: nothing that is not listed. */
export interface RuleSettings {
  /** Absolute paths of programs. */
  allowedExecutables: string[];
  /** Hosts and networks, as the address guard of `hooks` reads them. */
  allowedUrlHosts: string[];
  sqlConnections: SqlConnection[];
  /** Texts that rules send to one number: what answers answers comes to an end. */
  textsPerHour: number;
}

/** A database that rules name. */
export interface SqlConnection {
  name: string;
  /** Without the password. */
  url: string;
  password?: string | undefined;
}

/** What of a mail becomes a text, and where numbers are at home. */
export interface MailSettings {
  /** Takes away what the mail answers. */
  cutHistory: boolean;
  /** Takes away the signature, and the line that says from what the mail was sent. */
  cutSignature: boolean;
  /** Puts the subject before the words. */
  prefixSubject: boolean;
  /** Puts the names of attached files behind the words. */
  nameAttachments: boolean;
  /** Parts of a text whose address has no `maxmsgs`. */
  maxParts: number;
  /** Domains that hold nothing but numbers: `+12025550101@sms.example.com`. */
  smsDomains: string[];
}

/** Who knows whether a password is right. */
export interface AuthSettings {
  backend: 'local' | 'imap' | 'ldap';
  imap: ImapSettings;
  ldap: LdapSettings;
}

export interface ImapSettings {
  host: string;
  port: number;
  /** `none` only to this machine itself. */
  tls: 'implicit' | 'starttls' | 'none';
  /** What the server calls a user: the whole address, or what stands before the @. */
  loginName: 'address' | 'local-part';
  /** PEM, or the path of a file, where the server's certificate is signed by nobody known. */
  caCertificate?: string | undefined;
}

export interface LdapSettings {
  /** `ldaps://…`, or `ldap://…` with `startTls`; without it only to this machine itself. */
  url: string;
  startTls: boolean;
  /** The name of a user's entry, with `%address%`, `%local-part%` and `%domain%` in it; else the entry is searched for. */
  bindDn?: string | undefined;
  /** Where it is searched for, by this filter, as whom. */
  baseDn?: string | undefined;
  filter?: string | undefined;
  searchDn?: string | undefined;
  searchPassword?: string | undefined;
  caCertificate?: string | undefined;
}

export const defaultSettings: Settings = {
  defaultCountry: undefined,
  expireMinutes: 7200,
  warningMinutes: 240,
  device: {
    defaultState: 'allowed',
    provisioning: 'required',
    requireDeviceInformation: false,
    maxOutboxSyncAgeMinutes: 30,
    offerTimeoutMinutes: 15,
    confirmTimeoutMinutes: 60,
    loopLimitPerMinute: 120,
  },
  incoming: {
    reassemblyMinutes: 60,
    deliverByHash: true,
    deliverToOriginalSender: true,
    keepMinutes: 30,
    conflictMessage:
      'More than one person may be meant by your message. Please send it again with the address of one, such as #name@example.com#',
  },
  retry: { firstSeconds: 5, maxSeconds: 900, factor: 2, jitter: 0.2, maxAttempts: 500 },
  webhooks: { firstSeconds: 5, maxSeconds: 900, factor: 2, jitter: 0.2, giveUpAfterMinutes: 1440 },
  push: { quietMinutes: 5, bundleSeconds: 2, expireMinutes: 1440 },
  rules: { allowedExecutables: [], allowedUrlHosts: [], sqlConnections: [], textsPerHour: 100 },
  mail: {
    cutHistory: true,
    cutSignature: true,
    prefixSubject: false,
    nameAttachments: true,
    maxParts: 1,
    smsDomains: [],
  },
  smsSettings: {},
  auth: {
    backend: 'local',
    imap: { host: '127.0.0.1', port: 993, tls: 'implicit', loginName: 'address' },
    ldap: { url: 'ldap://127.0.0.1', startTls: false, filter: '(mail=%address%)' },
  },
  rateLimits: { sendsPerSender: 0, requestsPerDevice: 0, requestsPerAddress: 0 },
  audit: { keepDays: 365 },
};

const rowName = 'server';

export class SettingsCache {
  #current: Settings = defaultSettings;

  get current(): Settings {
    return this.#current;
  }

  /** Reads the row again; what an older version did not know has its default. */
  async load(session: Session): Promise<void> {
    const { settings } = session.tables;
    const [row] = await session.db.select().from(settings).where(eq(settings.name, rowName));
    this.#current = withDefaults(openSettings(session.secrets, row?.value ?? {}));
  }

  async save(store: Store, value: Settings): Promise<void> {
    await store.transact((tx) => writeSettings(tx, value));
    this.#current = value;
    // Not announced by the transaction: whoever hears of it reads the settings from memory, at once.
    store.changes.publish({ topic: 'settings' });
  }
}

function* writeSettings(tx: Transaction, value: Settings): Steps<void> {
  const { settings } = tx.tables;
  const stored = sealSettingsValue(tx.secrets, value as unknown as Record<string, unknown>);
  yield* run(
    tx.db
      .insert(settings)
      .values({ name: rowName, value: stored })
      .onConflictDoUpdate({ target: settings.name, set: { value: stored } }),
  );
}

function withDefaults(stored: Partial<Settings>): Settings {
  return {
    ...defaultSettings,
    ...stored,
    device: { ...defaultSettings.device, ...stored.device },
    incoming: { ...defaultSettings.incoming, ...stored.incoming },
    retry: { ...defaultSettings.retry, ...stored.retry },
    webhooks: { ...defaultSettings.webhooks, ...stored.webhooks },
    push: { ...defaultSettings.push, ...stored.push },
    mail: { ...defaultSettings.mail, ...stored.mail },
    auth: {
      ...defaultSettings.auth,
      ...stored.auth,
      imap: { ...defaultSettings.auth.imap, ...stored.auth?.imap },
      ldap: { ...defaultSettings.auth.ldap, ...stored.auth?.ldap },
    },
    rules: { ...defaultSettings.rules, ...stored.rules },
    rateLimits: { ...defaultSettings.rateLimits, ...stored.rateLimits },
    audit: { ...defaultSettings.audit, ...stored.audit },
  };
}
