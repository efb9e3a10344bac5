// The one way into the queue: what any origin hands over is checked, cut to its parts and on disk before this resolves.

import type { Charge, Terms } from '../accounts/decide.js';
import type { DecidingLevel } from '../accounts/deciding-levels.js';
import { readNumber } from '../sms/number.js';
import { addEffect } from '../store/effects.js';
import { discard, enqueue, keepFromGateways, type QueuedMessage } from '../store/messages.js';
import type { Store } from '../store/open.js';
import type { Transaction } from '../store/session.js';
import type { Settings } from '../store/settings.js';
import type { User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { chargeParts } from './charges.js';
import { readContent, type Written } from './content.js';
import { MessageError } from './errors.js';
import { checkKey, enqueueEachOnce, findEachOnce, type Once, type RequestKey } from './idempotency.js';
import { limits } from './limits.js';
import { type Decided, tryOutgoing } from './outgoing-rules.js';
import { checkLength, readProperties, type WithProperties } from './properties.js';
import { recordRefusal } from './rule-refusal.js';
import { type EnabledRules, rulesOf } from './rule-book.js';
import { sendersOf } from './senders.js';

export interface MessageServices {
  readonly store: Store;
  readonly now: () => number;
  /** Ids that grow with time. */
  readonly newId: () => string;
}

export interface Submission extends Written, WithProperties {
  /** The authenticated sender, whose access was checked. */
  user?: User | undefined;
  /** On which the sender may send, as `termsOf` found them; absent where nobody is held to any. */
  terms?: Terms | undefined;
  origin: 'http' | 'api' | 'smtp' | 'eas' | 'push' | 'rule' | 'forward';
  /** Of the mail that it was, for rules. */
  subject?: string | undefined;
  /** Carried as it is: rules are not asked. */
  skipsRules?: boolean | undefined;
  /** As written. */
  numbers: readonly string[];
  /** Id of the one gateway that may carry it; it waits for that one until it expires. */
  gateway?: string | undefined;
  /** Who it is from, where the gateway can show that. */
  sender?: string | undefined;
  /** The same key again, and the same message: the first answer again. */
  idempotency?: RequestKey | undefined;
  expireMinutes?: number | undefined;
  /** After which its sender is told that it still waits; 0 for never. */
  warningMinutes?: number | undefined;
  /** A rule has decided on its gateway, also where that is any. */
  isRouted?: boolean | undefined;
}

export interface Accepted {
  /** One per number, in the same order. */
  ids: string[];
  /** Of each message. */
  parts: number;
  /** How many of them were accepted although their msgid had stood for another message. */
  reusedMsgids?: number;
}

/** Checked, and ready to be written into the queue. */
export interface PreparedTexts {
  messages: readonly QueuedMessage[];
  /** Of each message. */
  parts: number;
  idempotency: RequestKey | undefined;
  /** Counters that the parts are added to in the commit. */
  charges: readonly Charge[];
  /** The level that set their limits. */
  level: DecidingLevel | undefined;
  /** Behind the @ of each number, as it was written; absent where nothing is. */
  behindAt: readonly (string | undefined)[] | undefined;
  /** What rules decided on each message; absent where there are none. */
  decided: readonly Decided[] | undefined;
}

/**
 * Accepts one text to one or several numbers, all or none. Resolves after the commit is on disk.
 *
 * Throws MessageError, AccountError MONTHLY_LIMIT_REACHED, and StoreError STORAGE_UNAVAILABLE.
 */
export async function submit(services: MessageServices, submission: Submission): Promise<Accepted> {
  const asked = readTexts(services, submission);
  let texts: PreparedTexts;
  try {
    texts = await judge(services, submission, asked);
  } catch (error) {
    // What was accepted once is not refused because something has changed since.
    const accepted = await findAccepted(services.store, asked);
    if (!accepted) throw error;
    return accepted;
  }
  return services.store.transact((tx) => enqueueTexts(tx, texts));
}

/** All that can refuse a text, but for a key that stood for another. Throws MessageError. */
export async function prepareTexts(services: MessageServices, submission: Submission): Promise<PreparedTexts> {
  return judge(services, submission, readTexts(services, submission));
}

/**
 * Part of the commit that accepts them: nobody is told so before it is on disk.
 * Throws MessageError IDEMPOTENCY_CONFLICT, AccountError MONTHLY_LIMIT_REACHED.
 */
export function* enqueueTexts(tx: Transaction, texts: PreparedTexts): Steps<Accepted> {
  const { messages, parts, idempotency, charges, decided } = texts;
  const once = idempotency && (yield* enqueueEachOnce(tx, messages, idempotency));
  if (!once) for (const message of messages) yield* enqueue(tx, message);
  if (decided) yield* doDecided(tx, { messages, decided, once });
  if (charges.length > 0) yield* chargeParts(tx, texts, once);
  if (!once?.every(({ isRepeated }) => isRepeated)) tx.announce({ topic: 'queue' });
  return once ? acceptedOf(once) : { ids: messages.map(({ id }) => id), parts };
}

interface DoneOnce {
  messages: readonly QueuedMessage[];
  decided: readonly Decided[];
  once: readonly Once[] | undefined;
}

function* doDecided(tx: Transaction, { messages, decided, once }: DoneOnce): Steps<void> {
  for (const [n, { effects, deletedBy, isMail }] of decided.entries()) {
    if (once?.[n]?.isRepeated) continue;
    const { id, now } = messages[n]!;
    if (isMail) yield* keepFromGateways(tx, messages[n]!);
    if (deletedBy !== undefined) yield* discard(tx, { id, reason: `the rule "${deletedBy}" deleted it`, now });
    for (const effect of effects) yield* addEffect(tx, effect);
  }
}

/** The first answer to a request with a key, if all of it was accepted before. */
async function findAccepted(store: Store, { messages, idempotency }: PreparedTexts): Promise<Accepted | undefined> {
  const all = idempotency && (await store.read((session) => findEachOnce(session, messages, idempotency)));
  return all && acceptedOf(all);
}

function acceptedOf(all: readonly Once[]): Accepted {
  const reusedMsgids = all.filter(({ isOther }) => isOther).length;
  const accepted = { ids: all.map(({ id }) => id), parts: all[0]!.parts };
  return reusedMsgids > 0 ? { ...accepted, reusedMsgids } : accepted;
}

/** Rules, then whether anything could carry what they left. Throws MessageError. */
async function judge(services: MessageServices, submission: Submission, asked: PreparedTexts): Promise<PreparedTexts> {
  const found = rulesOf(services.store, 'outgoing');
  const rules = found instanceof Promise ? await found : found;
  if (!rules || submission.skipsRules) {
    await checkGateway(services, submission, gatewayOf(submission));
    return asked;
  }
  return judgeByRules(services, { submission, asked, rules });
}

interface Judging {
  submission: Submission;
  asked: PreparedTexts;
  rules: NonNullable<EnabledRules>;
}

async function judgeByRules(services: MessageServices, { submission, asked, rules }: Judging): Promise<PreparedTexts> {
  const readAgain = (rewritten: Submission): QueuedMessage => readTexts(services, rewritten).messages[0]!;
  const { texts, refused } = await tryOutgoing(services, { rules, submission, texts: asked, readAgain });
  if (refused) {
    await recordRefusal(services, { submission, ...refused });
    throw refused.error;
  }
  const carried = texts.messages.filter((_, n) => isCarried(texts.decided?.[n]));
  for (const gateway of new Set(carried.map(({ pinnedGateway }) => pinnedGateway)))
    await checkGateway(services, submission, gateway);
  return texts;
}

function isCarried(decided: Decided | undefined): boolean {
  return decided === undefined || (decided.deletedBy === undefined && !decided.isMail);
}

function readTexts(services: MessageServices, submission: Submission): PreparedTexts {
  const { user, terms, origin, sender, idempotency } = submission;
  const pinnedGateway = gatewayOf(submission);
  const recipients = readRecipients(submission.numbers);
  const { text, parts } = readContent(submission);
  const properties = readProperties(submission, terms?.account);
  if (sender !== undefined) checkLength(sender, limits.senderCharacters, 'sender');
  if (idempotency) checkKey(idempotency);
  const now = services.now();
  const { expiresAt, warnAt } = readTimes(submission, services.store.settings.current, now);
  // Written out: to spread objects into each other took a sixth of the time in which a text is accepted.
  const messages = recipients.numbers.map((recipient): QueuedMessage => ({
    id: services.newId(),
    userId: user?.id,
    origin,
    recipient,
    text,
    parts,
    sender,
    properties,
    pinnedGateway,
    expiresAt,
    warnAt,
    now,
  }));
  const charges = terms?.charges ?? none;
  const { behindAt } = recipients;
  return { messages, parts, idempotency, charges, level: terms?.level, behindAt, decided: undefined };
}

const none: readonly Charge[] = [];

/** That of the request, else the one the terms ask for. */
function gatewayOf({ gateway, terms, isRouted }: Submission): string | undefined {
  return isRouted ? gateway : (gateway ?? terms?.gateway);
}

interface Recipients {
  numbers: string[];
  behindAt: (string | undefined)[] | undefined;
}

function readRecipients(written: readonly string[]): Recipients {
  if (written.length > limits.numbers) throw new MessageError('BAD_PARAMETER', 'numbers');
  let behindAt: Recipients['behindAt'];
  const numbers = written.flatMap((each, n) => {
    const number = readNumber(each);
    if (number !== undefined) return number;
    const at = each.indexOf('@');
    if (at === -1) return [];
    // `number@gateway`, as rules write it: it counts where a rule matches.
    (behindAt ??= written.map(() => undefined))[n] = each.slice(at + 1);
    return readNumber(each.slice(0, at)) ?? [];
  });
  if (numbers.length === 0 || numbers.length < written.length) throw new MessageError('BAD_NUMBER', 'numbers');
  return { numbers, behindAt };
}

function readTimes(
  submission: Submission,
  settings: Settings,
  now: number,
): Pick<QueuedMessage, 'expiresAt' | 'warnAt'> {
  const { user, expireMinutes = settings.expireMinutes, warningMinutes = settings.warningMinutes } = submission;
  if (!(expireMinutes > 0 && expireMinutes <= limits.expireMinutes))
    throw new MessageError('BAD_PARAMETER', 'expireMinutes');
  if (!(warningMinutes >= 0)) throw new MessageError('BAD_PARAMETER', 'warningMinutes');
  // Nobody is warned of what nobody sent, or of what has failed by then.
  const isWarned = user !== undefined && warningMinutes > 0 && warningMinutes < expireMinutes;
  const expiresAt = now + Math.round(expireMinutes * 60_000);
  return { expiresAt, warnAt: isWarned ? now + Math.round(warningMinutes * 60_000) : undefined };
}

async function checkGateway(
  { store }: MessageServices,
  { user, binary }: Submission,
  gateway: string | undefined,
): Promise<void> {
  const senders = sendersOf(store);
  if (gateway !== undefined && !(await senders.hasGateway(gateway)))
    throw new MessageError('UNKNOWN_GATEWAY', 'gateway', gateway);
  const canSend = binary ? await senders.maySendBinary(gateway) : await senders.maySend(user?.id);
  if (!canSend) throw new MessageError('NO_GATEWAY');
}
