// Rules tried without doing anything: on one given message, with what each rule said of it, or on the last messages there were.

import { directoryOf } from '../accounts/directory.js';
import type { RuleSet } from '../rules/engine.js';
import type { Outcome } from '../rules/outcome.js';
import type { Rule } from '../rules/rule.js';
import type { Header, TrafficMessage } from '../rules/traffic.js';
import { fillEmailFrom } from '../mail/email-from.js';
import { alphabetOf } from '../sms/alphabet.js';
import { countParts } from '../sms/parts.js';
import { allDomains } from '../store/domains.js';
import { getGateway } from '../store/gateways.js';
import { listIncoming } from '../store/incoming.js';
import { listMessages } from '../store/messages.js';
import { openOctets } from '../store/push-octets.js';
import type { Store } from '../store/open.js';
import type { RuleDirection } from '../store/states.js';
import type { Message, User } from '../store/tables.js';
import { getUser, listUserRows } from '../store/users.js';
import { trafficOfIncoming } from './incoming-rules.js';
import { compileWritten } from './rule-book.js';
import { listRules } from './rule-list.js';
import { senderOf } from './outgoing-rules.js';
import type { MessageServices } from './submit.js';

/** A message that is not there. */
export interface TriedMessage {
  /** A user's address, or a number. */
  from: string;
  to: string;
  /** Of a binary message, base64. */
  text: string;
  subject?: string | undefined;
  /** Outgoing: which is asked for. Incoming: which brings it. */
  gateway?: string | undefined;
  isBinary?: boolean | undefined;
  isAuthenticated?: boolean | undefined;
  headers?: readonly Header[] | undefined;
  /** When it is tried; else now. */
  at?: number | undefined;
  hops?: number | undefined;
}

export interface Trial {
  direction: RuleDirection;
  /** Else those that are kept. */
  rules?: readonly Rule[] | undefined;
}

/** Throws RuleError. */
export async function tryRules(services: MessageServices, trial: Trial, tried: TriedMessage): Promise<Outcome> {
  const { store, now } = services;
  const rules = await ruleSetOf(store, trial);
  const traffic = await trafficOf(store, trial.direction, tried);
  return rules.evaluate(traffic, { now: tried.at ?? now(), isTraced: true });
}

async function ruleSetOf(store: Store, { direction, rules }: Trial): Promise<RuleSet> {
  return compileWritten(store, direction, rules ?? (await listRules(store, direction)));
}

async function trafficOf(store: Store, direction: RuleDirection, tried: TriedMessage): Promise<TrafficMessage> {
  const { from, to, text, subject = '', gateway, isBinary = false, headers = [], hops = 0 } = tried;
  const octets = isBinary ? Buffer.from(text, 'base64').length : Buffer.byteLength(text);
  const known = {
    direction,
    ...{ subject, body: text, headers, octets, hops },
    encoding: isBinary ? ('binary' as const) : alphabetOf(text) === 'gsm7' ? ('gsm7' as const) : ('unicode' as const),
    parts: isBinary ? Math.ceil(octets / 140) : countParts(text),
  };
  if (direction === 'incoming') {
    const fromAddress = await fromAddressOf(store, { gateway, number: from });
    return { ...known, from, to, gateway, fromAddress, isAuthenticated: tried.isAuthenticated ?? false };
  }
  const user = await store.read((session) => getUser(session, from.toLowerCase()));
  const sender = await senderOf(store, user);
  const at = gateway === undefined || to.includes('@') ? to : `${to}@${gateway}`;
  return { ...known, from, to: at, gateway, sender, isAuthenticated: tried.isAuthenticated ?? user !== undefined };
}

/** What a list of rules would have done with the last messages. */
export interface RuleCounts {
  messages: number;
  /** In the order of the list. */
  rules: { title: string; matched: number }[];
  verdicts: { accept: number; reject: number; delete: number };
  /** By type of action. */
  effects: Record<string, number>;
  /** Messages that would have gone another way, or with other words. */
  changed: number;
}

// Others have their turn in between.
const messagesAtOnce = 20;

/** Rules that are switched off are counted as if they were not: so they are seen before they are enabled. Throws RuleError. */
export async function countMatches({ store }: MessageServices, trial: Trial, limit: number): Promise<RuleCounts> {
  const written = trial.rules ?? (await listRules(store, trial.direction));
  const enabled = written.map((rule) => ({ ...rule, enabled: true }));
  const rules = await ruleSetOf(store, { direction: trial.direction, rules: enabled });
  const counts: RuleCounts = {
    messages: 0,
    rules: enabled.map(({ title }) => ({ title, matched: 0 })),
    verdicts: { accept: 0, reject: 0, delete: 0 },
    effects: {},
    changed: 0,
  };
  const last = await (trial.direction === 'outgoing' ? lastOutgoing(store, limit) : lastIncoming(store, limit));
  for (const [n, { traffic, at }] of last.entries()) {
    count(counts, { traffic, outcome: rules.evaluate(traffic, { now: at, isTraced: true }) });
    if (n % messagesAtOnce === messagesAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return counts;
}

function count(counts: RuleCounts, { traffic, outcome }: { traffic: TrafficMessage; outcome: Outcome }): void {
  counts.messages++;
  counts.verdicts[outcome.verdict.kind]++;
  for (const { position, state } of outcome.trace) if (state === 'matched') counts.rules[position - 1]!.matched++;
  for (const { type } of outcome.effects) counts.effects[type] = (counts.effects[type] ?? 0) + 1;
  const { to, from, body } = outcome.message;
  if (to !== traffic.to || from !== traffic.from || body !== traffic.body || outcome.gateway !== traffic.gateway)
    counts.changed++;
}

interface Past {
  traffic: TrafficMessage;
  at: number;
}

async function lastOutgoing(store: Store, limit: number): Promise<Past[]> {
  const messages = await listMessages(store, { limit });
  const rows = [...new Set(messages.flatMap(({ userId }) => userId ?? []))];
  const users = new Map((await listUserRows(store, rows)).map((user) => [user.id, user]));
  await directoryOf(store);
  return Promise.all(
    messages.map((message) => pastOutgoing(store, openOctets(store.secrets, message), users.get(message.userId ?? 0))),
  );
}

async function pastOutgoing(store: Store, message: Message, user: User | undefined): Promise<Past> {
  const { id, recipient, text, parts, pinnedGateway, properties, createdAt } = message;
  const { data, hops = 0, account, askedTo } = properties ?? {};
  const sender = await senderOf(store, user);
  const traffic: TrafficMessage = {
    direction: 'outgoing',
    id,
    from: sender?.address ?? message.sender ?? '',
    to: askedTo ?? (pinnedGateway === null ? recipient : `${recipient}@${pinnedGateway}`),
    subject: '',
    body: data ?? text,
    headers: message.sender === null ? [] : [{ name: 'Sender', value: message.sender }],
    sender,
    isAuthenticated: sender !== undefined || account !== undefined,
    gateway: askedTo === undefined ? (pinnedGateway ?? undefined) : (/@([^&?]*)/.exec(askedTo)?.[1] ?? undefined),
    encoding: data !== undefined ? 'binary' : alphabetOf(text) === 'gsm7' ? 'gsm7' : 'unicode',
    octets: data === undefined ? Buffer.byteLength(text) : Buffer.from(data, 'base64').length,
    parts,
    hops,
  };
  return { traffic, at: createdAt };
}

async function lastIncoming(store: Store, limit: number): Promise<Past[]> {
  const texts = await listIncoming(store, { limit, isUnplaced: false });
  const past: Past[] = [];
  for (const text of texts) {
    const { gateway, sender: number, receivedAt: at } = text;
    past.push({ traffic: trafficOfIncoming(text, await fromAddressOf(store, { gateway, number })), at });
  }
  return past;
}

/** The address that a gateway makes of a number. */
async function fromAddressOf(
  store: Store,
  { gateway, number }: { gateway: string | undefined; number: string },
): Promise<string> {
  return store.read(function* (session) {
    const row = gateway === undefined ? undefined : yield* getGateway(session, gateway);
    const domain = (yield* allDomains(session))[0]?.name ?? 'localhost';
    return fillEmailFrom(row?.emailFrom ?? null, { number, domain });
  });
}
