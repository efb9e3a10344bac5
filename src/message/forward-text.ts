// What comes into a user's Inbox goes on to a phone as a text: a row of the same commit, sent afterwards at the user's expense.
// See docs/decisions/0142.

import { readAddresses } from '../mail/address.js';
import { limits as ruleLimits } from '../rules/limits.js';
import { limits as smsLimits } from '../sms/limits.js';
import { readMobileAddresses } from '../sms/mobile-address.js';
import { comparable, readNumber } from '../sms/number.js';
import { addEffect } from '../store/effects.js';
import type { Transaction } from '../store/session.js';
import type { Item, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { readWishes } from './address-wishes.js';
import { MessageError } from './errors.js';
import { readTextAddress } from './mail-recipients.js';
import { writtenWords } from './mail-words.js';
import { numberKey } from './reply-to.js';

export interface ForwardEffect {
  /** As `readForwardText` writes it. */
  to: string;
  text: string;
}

// Whose mailbox it is pays, and what goes on is no octets.
const allowed: ReadonlySet<string> = new Set(['maxmsgs', 'id', 'sender', 'reply', 'pid', 'dcs', 'value']);

/** `sms:+447700900123?maxmsgs=3`, from any form of the address of a number; `undefined` where it is none, or asks for too much. */
export function readForwardText(written: string): string | undefined {
  const found = readTextAddress(written);
  if (!found || [...found.parameters.keys()].some((name) => !allowed.has(name))) return undefined;
  const maxParts = Number(found.parameters.get('maxmsgs') ?? 1);
  if (!(maxParts >= 1 && maxParts <= smsLimits.parts)) return undefined;
  try {
    readWishes(found);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
  const query = [...found.parameters].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `sms:${found.number}${query === '' ? '' : `?${query}`}`;
}

export function isForwardText(address: string): boolean {
  return address.startsWith('sms:');
}

export interface ForwardedText {
  user: User;
  item: Item;
  addresses: readonly string[];
  /** How many rules, forwards and servers it has behind it. */
  hops: number;
  now: number;
}

/** Not back to the number that it came from, and not for ever in a circle. */
export function* forwardAsText(tx: Transaction, { user, item, addresses, hops, now }: ForwardedText): Steps<void> {
  if (hops >= ruleLimits.hops) return;
  const { number, name } = authorOf(item);
  const from = number === undefined ? undefined : numberKey(tx, number);
  const text = `${name}: ${wordsOf(tx, item)}`;
  for (const to of addresses) {
    const recipient = readTextAddress(to)?.number;
    if (recipient === undefined || numberKey(tx, recipient) === from) continue;
    const document = { to, text } satisfies ForwardEffect;
    const about = { direction: 'incoming', messageId: `item-${item.id}`, userId: user.id, rule: '' } as const;
    yield* addEffect(tx, { ...about, kind: 'forward', document, target: comparable(recipient), hops: hops + 1, now });
  }
}

interface Author {
  number: string | undefined;
  /** Who reads it sees this. */
  name: string;
}

function authorOf({ class: itemClass, from }: Item): Author {
  if (itemClass === 'SMS') {
    const [first] = readMobileAddresses(from) ?? [];
    const number = readNumber(first?.number ?? '');
    return { number, name: number ?? first?.name ?? first?.number ?? '?' };
  }
  const [first] = readAddresses(from);
  const number = first && readTextAddress(first.address)?.number;
  return { number, name: number ?? first?.name ?? first?.address ?? '?' };
}

// Of a mail its subject says most.
function wordsOf(tx: Transaction, { class: itemClass, subject, text }: Item): string {
  if (itemClass === 'SMS') return text;
  const words = writtenWords(text, tx.settings.current.mail);
  return [subject, words].filter((each) => each !== null && each !== '').join('\n');
}
