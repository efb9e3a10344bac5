import test from 'ava';
import {
  type Circumstances,
  decide,
  type Decision,
  type DecidingLevel,
  type Sender,
} from '../../src/accounts/decide.js';
import { Directory } from '../../src/accounts/directory.js';
import type { SmsSettings } from '../../src/store/states.js';
import type { Domain, SmsAccount, User } from '../../src/store/tables.js';

const today = '2026-11-30';

// What a level may say: nothing, that it is good, or either reason why it is not.
const said = {
  nothing: undefined,
  'lets through': { gateway: 'own', monthlyLimit: 5, expires: today },
  'is inactive': { gateway: 'own', active: false, expires: '2026-11-29' },
  'has expired': { active: true, expires: '2026-11-29' },
} as const satisfies Record<string, SmsSettings | undefined>;
type Saying = keyof typeof said;
const sayings = Object.keys(said) as Saying[];

interface Combination {
  userAccess: 'inherit' | 'allowed' | 'denied';
  domainAccess: 'allowed' | 'denied' | 'no such domain';
  user: Saying;
  domain: Saying;
  server: Saying;
  account: Saying;
  membership: 'none' | 'user' | 'group' | 'domain';
  authentication: 'session' | 'system' | 'account' | 'member with the password of the account' | 'trusted for nobody';
}

const values: { [Field in keyof Combination]: readonly Combination[Field][] } = {
  userAccess: ['inherit', 'allowed', 'denied'],
  domainAccess: ['allowed', 'denied', 'no such domain'],
  user: sayings,
  domain: sayings,
  server: sayings,
  account: sayings.slice(1),
  membership: ['none', 'user', 'group', 'domain'],
  authentication: ['session', 'system', 'account', 'member with the password of the account', 'trusted for nobody'],
};

function combine(): Combination[] {
  let combined: Partial<Combination>[] = [{}];
  for (const [field, choices] of Object.entries(values))
    combined = combined.flatMap((partial) => choices.map((choice) => ({ ...partial, [field]: choice })));
  return combined as Combination[];
}

const codes: Partial<Record<Saying, string>> = { 'is inactive': 'ACCOUNT_INACTIVE', 'has expired': 'ACCOUNT_EXPIRED' };

// The rules as the document tells them, in their order: the first that fits gives the answer.
type Rule = [fits: (c: Combination) => boolean, level: DecidingLevel, saying: (c: Combination) => Saying | 'is denied'];
const bySystem = (c: Combination): boolean => c.authentication === 'session' || c.authentication === 'system';
const rules: readonly Rule[] = [
  [(c) => c.authentication === 'trusted for nobody', 'defaults', () => 'nothing'],
  [(c) => !bySystem(c), 'sms-account', (c) => c.account],
  [(c) => c.userAccess === 'denied', 'user-access', () => 'is denied'],
  [(c) => c.userAccess === 'inherit' && c.domainAccess === 'denied', 'domain-access', () => 'is denied'],
  [(c) => c.membership !== 'none', 'sms-account', (c) => c.account],
  [(c) => c.user !== 'nothing', 'user-settings', (c) => c.user],
  [(c) => c.domain !== 'nothing' && c.domainAccess !== 'no such domain', 'domain-settings', (c) => c.domain],
  [(c) => c.server !== 'nothing', 'server-settings', (c) => c.server],
  [() => true, 'defaults', () => 'nothing'],
];

const address = 'ada@example.com';

function rowsOf(c: Combination): { sender: Sender; circumstances: Circumstances } {
  const user = {
    id: 7,
    address,
    domain: 'example.com',
    smsAccess: c.userAccess,
    smsSettings: said[c.user] ?? null,
  } as User;
  const domain = { name: 'example.com', smsAccess: c.domainAccess, smsSettings: said[c.domain] ?? null } as Domain;
  const members = { none: [], user: [address], group: ['group:staff'], domain: ['domain:example.com'] }[c.membership];
  const written: SmsSettings = said[c.account]!;
  const { active = true, expires = null, gateway = null, monthlyLimit = 0 } = written;
  const account = { name: 'shared', active, expires, gateway, monthlyLimit, members } as unknown as SmsAccount;
  const directory = new Directory({
    domains: c.domainAccess === 'no such domain' ? [] : [domain],
    accounts: [account],
    groups: [{ name: 'staff', members: [address], createdAt: 0 }],
  });
  const senders: Record<Combination['authentication'], Sender> = {
    session: { way: 'session', user },
    system: { way: 'system', user },
    account: { way: 'sms-account', account },
    'member with the password of the account': { way: 'sms-account', account, user },
    'trusted for nobody': { way: 'session' },
  };
  return { sender: senders[c.authentication], circumstances: { directory, smsSettings: said[c.server] ?? {}, today } };
}

function expected(c: Combination): object {
  const [, level, sayingOf] = rules.find(([fits]) => fits(c))!;
  const saying = sayingOf(c);
  if (saying === 'is denied') return { allowed: false, code: 'ACCESS_DENIED', level };
  if (codes[saying]) return { allowed: false, code: codes[saying], level };
  const limit = saying === 'lets through' ? 5 : 0;
  const isShared = level === 'sms-account';
  const charges = [
    ...(isShared ? [{ counter: 'account:shared', limit }] : []),
    ...(c.authentication !== 'account' && c.authentication !== 'trusted for nobody'
      ? [{ counter: 'user:7', limit: isShared ? 0 : limit }]
      : []),
  ];
  return {
    allowed: true,
    terms: {
      level,
      ...(saying === 'lets through' && { gateway: 'own' }),
      ...(isShared && { account: 'shared' }),
      charges,
    },
  };
}

test('decides every combination of access, levels, account and authentication as the document orders them', (t) => {
  const combinations = combine();
  t.is(combinations.length, 3 * 3 * 4 * 4 * 4 * 3 * 4 * 5);
  const reasons = new Set<string>();
  for (const combination of combinations) {
    const { sender, circumstances } = rowsOf(combination);
    const decision: Decision = decide(sender, circumstances);
    const wanted = expected(combination);
    // One assertion for each would take longer than all decisions.
    if (JSON.stringify(sorted(decision)) !== JSON.stringify(sorted(wanted)))
      return void t.deepEqual(decision as object, wanted, JSON.stringify(combination));
    reasons.add(decision.allowed ? `allowed by ${decision.terms.level}` : `${decision.code} by ${decision.level}`);
  }
  t.deepEqual([...reasons].sort(), [
    'ACCESS_DENIED by domain-access',
    'ACCESS_DENIED by user-access',
    'ACCOUNT_EXPIRED by domain-settings',
    'ACCOUNT_EXPIRED by server-settings',
    'ACCOUNT_EXPIRED by sms-account',
    'ACCOUNT_EXPIRED by user-settings',
    'ACCOUNT_INACTIVE by domain-settings',
    'ACCOUNT_INACTIVE by server-settings',
    'ACCOUNT_INACTIVE by sms-account',
    'ACCOUNT_INACTIVE by user-settings',
    'allowed by defaults',
    'allowed by domain-settings',
    'allowed by server-settings',
    'allowed by sms-account',
    'allowed by user-settings',
  ]);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

test('takes the account that names the user, before one by group, before one by domain, and the first by name', (t) => {
  const account = (name: string, members: string[]) => ({ name, members }) as unknown as SmsAccount;
  const groups = [{ name: 'staff', members: [address], createdAt: 0 }];
  const user = { address, domain: 'example.com' };
  const nameOf = (accounts: SmsAccount[]) => new Directory({ domains: [], accounts, groups }).accountOf(user)?.name;
  const [byDomain, byGroup, byName] = [
    account('a', ['domain:example.com']),
    account('b', ['group:staff']),
    account('c', [address]),
  ];
  t.is(nameOf([byDomain, byGroup, byName]), 'c');
  t.is(nameOf([byDomain, byGroup]), 'b');
  t.is(nameOf([byDomain, account('d', ['domain:example.com'])]), 'a');
  t.is(nameOf([account('x', ['group:others', 'bob@example.com'])]), undefined);
});

test('finds an account by each form of its name', (t) => {
  const directory = new Directory({
    domains: [],
    accounts: [
      { name: 'pilot@example.com', members: [] },
      { name: 'alerts', members: [] },
    ] as unknown as SmsAccount[],
    groups: [],
  });
  for (const written of [
    'pilot@example.com',
    'PILOT@Example.com',
    'pilot%example.com',
    'pilot/example.com',
    'pilot%40example.com',
  ])
    t.is(directory.accountNamed(written)?.name, 'pilot@example.com', written);
  t.is(directory.accountNamed('Alerts')?.name, 'alerts');
  for (const written of ['', 'pilot', 'alerts@example.com']) t.is(directory.accountNamed(written), undefined, written);
});
