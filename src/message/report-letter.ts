// The mails that tell a sender what became of a text, or that it still waits: what happened and why, when, how often it
// was tried, what comes next, and the text itself.

import { getAttempts } from '../store/attempts.js';
import type { Transaction } from '../store/session.js';
import type { AttemptOutcome } from '../store/states.js';
import type { Attempt, Message, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { isBinary } from './content.js';
import { deliverLetter, type LetterReport, mailLetter } from './letter.js';
import { sentTextOf } from './sent-text.js';

interface Words {
  /** Of the subject and the first sentence. */
  what: string;
  /** RFC 3463 3 Enumerated Status Codes */
  status: string;
  next: (message: Message) => string;
}

const kinds = {
  warning: {
    what: 'was not sent yet',
    status: '4.0.0',
    next: ({ dueAt, expiresAt }) =>
      `It is tried again by itself, next at ${writeTime(dueAt)}, until ${writeTime(expiresAt)}.\n` +
      'You need not do anything. Should it not be sent by then, you are told.',
  },
  failed: {
    what: 'was not sent',
    status: '5.0.0',
    next: () => 'It is not tried again. If it still matters, send it once more.',
  },
  expired: {
    what: 'was not sent in time',
    status: '5.4.7',
    next: ({ expiresAt }) =>
      `It was to be sent until ${writeTime(expiresAt)} and is not tried any longer. If it still matters, send it once more.`,
  },
  unknown: {
    what: 'may not have been sent',
    status: '5.4.0',
    next: () =>
      'It may have arrived all the same. It is not sent again by itself: it could then arrive twice.\n' +
      'Ask whom you wrote to, or send it once more if twice does no harm.',
  },
  undelivered: {
    what: 'was not delivered',
    status: '5.0.0',
    next: () =>
      'It was sent, and the network gave it up. It is not tried again. If it still matters, send it once more.',
  },
} as const satisfies Record<string, Words>;

export type LetterKind = keyof typeof kinds;

/** A user of this server, or the address elsewhere that answers to the text were to go to. */
export type Reader = User | { address: string; domain: string };

export interface ReportLetter {
  kind: LetterKind;
  to: Reader;
  message: Message;
  /** In words; names no number and repeats no text. */
  reason: string;
  now: number;
}

export function* deliverReport(tx: Transaction, letter: ReportLetter): Steps<void> {
  const { kind, to, message, reason, now } = letter;
  const { what, next }: Words = kinds[kind];
  const attempts = yield* getAttempts(tx, message.id);
  const paragraphs = [
    `Your text to ${message.recipient} ${what}: ${reason}.`,
    [`Written: ${writeTime(message.createdAt)}`, ...tell(attempts)].join('\n'),
    next(message),
    isBinary(message) ? 'It was a binary message.' : `The text was:\n\n${message.text}`,
  ];
  const text = `${paragraphs.join('\n\n')}\n`;
  const subject = `Text to ${message.recipient} ${what}`;
  const report = reportOf(tx, letter, attempts.at(-1)?.startedAt);
  // It would go on as the text did that it is about, and so for ever.
  const staysHere = message.origin === 'forward';
  if ('id' in to) yield* deliverLetter(tx, { to, subject, text, now, report, staysHere });
  else yield* mailLetter(tx, { to: to.address, domain: to.domain, subject, text, now, report });
}

function reportOf(tx: Transaction, letter: ReportLetter, lastAttemptAt: number | undefined): LetterReport {
  const { kind, to, message, reason } = letter;
  const isOver = kind !== 'warning';
  const text = sentTextOf(tx, message, to);
  const status = {
    address: text.recipient,
    action: isOver ? ('failed' as const) : ('delayed' as const),
    status: kinds[kind].status,
    reason,
    lastAttemptAt,
    retryUntil: isOver ? undefined : message.expiresAt,
  };
  return {
    envelopeId: message.id,
    arrivedAt: message.createdAt,
    recipients: [status],
    original: { kind: 'mail', octets: text.octets },
    references: text.references,
    inReplyTo: message.properties?.mailId ?? text.messageId,
  };
}

/** Of many the last. */
const mostTold = 5;

function tell(attempts: readonly Attempt[]): string[] {
  if (attempts.length === 0) return ['Tried: never'];
  const times = attempts.length === 1 ? 'once' : `${attempts.length} times`;
  const isCut = attempts.length > mostTold;
  return [
    `Tried: ${times}${isCut ? `, the last ${mostTold} of them:` : ''}`,
    ...attempts.slice(-mostTold).map(tellOne),
  ];
}

const outcomes: Record<AttemptOutcome, string> = {
  sent: 'sent',
  refused: 'refused',
  'try-later': 'put off',
  unknown: 'the outcome is not known',
  withdrawn: 'taken back',
};

function tellOne({ gateway, startedAt, outcome, reason }: Attempt): string {
  const what = outcome === null ? 'under way' : outcomes[outcome];
  return `  ${writeTime(startedAt)} through ${nameOf(gateway)}: ${what}${reason === null ? '' : ` (${reason})`}`;
}

function nameOf(gateway: string): string {
  const [, device] = /^activesync:(.*)$/.exec(gateway) ?? [];
  return device === undefined ? `gateway ${gateway}` : `your phone (device ${device})`;
}

/** In the time zone of the server, which it names: `2026-11-23 14:05:09 +01:00`. */
export function writeTime(at: number): string {
  const minutesEast = -new Date(at).getTimezoneOffset();
  const local = new Date(at + minutesEast * 60_000).toISOString();
  const size = Math.abs(minutesEast);
  const zone = [Math.floor(size / 60), size % 60].map((n) => String(n).padStart(2, '0')).join(':');
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${minutesEast < 0 ? '-' : '+'}${zone}`;
}
