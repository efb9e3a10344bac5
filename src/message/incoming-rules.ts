// What the rules for incoming messages make of a text: written otherwise, laid elsewhere, or kept from every mailbox.

import type { RuleSet } from '../rules/engine.js';
import type { Outcome } from '../rules/outcome.js';
import type { TrafficMessage } from '../rules/traffic.js';
import { fillEmailFrom } from '../mail/email-from.js';
import { alphabetOf } from '../sms/alphabet.js';
import { countParts } from '../sms/parts.js';
import { addEffect } from '../store/effects.js';
import { allDomains } from '../store/domains.js';
import { getGateway } from '../store/gateways.js';
import type { Transaction } from '../store/session.js';
import type { Incoming } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { writeEffects } from './effect-rows.js';

export interface RuledIncoming {
  /** As it is laid into mailboxes. */
  text: Incoming;
  subject: string | undefined;
  /** 0 low, 1 normal, 2 high. MS-ASEMAIL 2.2.2.38 Importance */
  importance: number | undefined;
  /** Folders that rules put it into, in place of the Inbox. */
  folders: readonly PlacedFolder[];
  /** Rules sent it elsewhere: nobody gets it who is not named by them. */
  isElsewhere: boolean;
  /** Which rule kept it from all mailboxes. */
  keptBy: string | undefined;
}

export interface PlacedFolder {
  folder: string;
  /** Of this user; else of everybody it is for. */
  address: string | undefined;
}

/** Part of the commit that keeps the text. */
export function* ruleIncoming(
  tx: Transaction,
  { rules, text, now }: { rules: RuleSet; text: Incoming; now: number },
): Steps<RuledIncoming> {
  const emailFrom = (yield* getGateway(tx, text.gateway))?.emailFrom ?? null;
  const domain = (yield* allDomains(tx))[0]?.name ?? 'localhost';
  const traffic = trafficOfIncoming(text, fillEmailFrom(emailFrom, { number: text.sender, domain }));
  const outcome = rules.evaluate(traffic, { now });
  const owner = { messageId: text.id, userId: undefined, now, carriage: text.properties };
  for (const effect of writeEffects(outcome, owner)) yield* addEffect(tx, effect);
  const { verdict } = outcome;
  if (verdict.kind === 'reject' && verdict.reason !== '')
    yield* answer(tx, { text, outcome, reason: verdict.reason, now });
  const folders = outcome.effects.flatMap((effect) =>
    effect.type === 'move' ? [{ folder: effect.folder, address: effect.address }] : [],
  );
  const keptBy = verdict.kind === 'accept' ? undefined : (outcome.matched.at(-1) ?? '');
  const { subject, priority } = { ...outcome.message, priority: outcome.priority };
  return {
    text: rewritten(text, { traffic, left: outcome.message }),
    subject: subject === '' ? undefined : subject,
    importance: priority === undefined ? undefined : priority < 3 ? 2 : priority > 3 ? 0 : 1,
    folders,
    isElsewhere: outcome.isPlaced && folders.length === 0,
    keptBy,
  };
}

/** An incoming text as rules see it. */
export function trafficOfIncoming(
  { id, gateway, sender, recipient, text, properties }: Incoming,
  fromAddress: string | undefined,
): TrafficMessage {
  const { data, parts, hops = 0 } = properties ?? {};
  const isBinary = data !== undefined;
  return {
    direction: 'incoming',
    id,
    from: sender,
    fromAddress,
    to: recipient ?? '',
    subject: '',
    body: data ?? text,
    headers: [],
    isAuthenticated: false,
    gateway,
    encoding: isBinary ? 'binary' : alphabetOf(text) === 'gsm7' ? 'gsm7' : 'unicode',
    octets: isBinary ? Buffer.from(data, 'base64').length : Buffer.byteLength(text),
    parts: parts ?? (isBinary ? 1 : countParts(text)),
    hops,
  };
}

function rewritten(text: Incoming, { traffic, left }: { traffic: TrafficMessage; left: TrafficMessage }): Incoming {
  const { data } = text.properties ?? {};
  return {
    ...text,
    sender: left.from,
    recipient: left.to === traffic.to ? text.recipient : left.to,
    ...(data === undefined ? { text: left.body } : { properties: { ...text.properties, data: left.body } }),
  };
}

interface Answered {
  text: Incoming;
  outcome: Outcome;
  reason: string;
  now: number;
}

// Who is a word cannot be answered.
function* answer(tx: Transaction, { text, outcome, reason, now }: Answered): Steps<void> {
  const { id, sender, gateway } = text;
  if (!/^\+?[0-9]{5,20}$/.test(sender)) return;
  yield* addEffect(tx, {
    direction: 'incoming',
    messageId: id,
    userId: undefined,
    rule: outcome.matched.at(-1) ?? '',
    kind: 'text',
    document: { to: sender, text: reason, parameters: { id: gateway } },
    target: sender,
    hops: outcome.message.hops + 1,
    now,
  });
}
