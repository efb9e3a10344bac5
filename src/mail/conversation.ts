// Which mails and texts belong together, as EAS and as MIME tell it.

import { hash } from 'node:crypto';

/** 16 octets that are the same for all of one conversation. MS-ASEMAIL 2.2.2.21 ConversationId */
export function conversationIdOf(...known: readonly string[]): Uint8Array {
  return hash('sha256', JSON.stringify(known), 'buffer').subarray(0, 16);
}

const threadId = /^<sms-thread-([0-9a-f]{32})@/;

/** The Message-ID that all texts of a conversation refer to, so that programs without EAS thread them too. */
export function threadMessageId(conversationId: Uint8Array, domain: string): string {
  return `<sms-thread-${Buffer.from(conversationId).toString('hex')}@${domain}>`;
}

/** The conversation of texts that a mail belongs to by the first id it refers to. */
export function conversationOfThread(messageId: string): Uint8Array | undefined {
  const hex = threadId.exec(messageId)?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

const prefix = /^(?:re|aw|wg|fw|fwd|tr|rv|sv|vs|odp|ref|réf)(?:\[\d{1,4}\])?\s?:\s*/i;

/** The subject without what answers and forwards put before it. */
export function normalisedSubject(subject: string): string {
  let normalised = subject.slice(0, 1000).trim();
  for (let found = prefix.exec(normalised); found !== null; found = prefix.exec(normalised))
    normalised = normalised.slice(found[0].length);
  return normalised;
}

// From 1601 on, in ticks of 100 ns.
const epochOffsetMilliseconds = 11_644_473_600_000;

/**
 * The header of a conversation index: when the mail was sent, without response levels.
 * MS-ASCON 2.2.2.4.1 Conversation Index Header, MS-OXOMSG 2.2.1.3 PidTagConversationIndex Property
 *
 *   FILETIME, 64 bits:  8 high bits | 40 bits that are written, high octet first | 16 low bits
 *
 * 2026-01-01T00:00:00Z is 0x01dc7ab192810000 and gives dc 7a b1 92 81.
 */
export function conversationIndexOf(date: number): Uint8Array {
  // × 10,000 ÷ 65,536, shortened because the ticks themselves exceed the exact integers.
  const time = Math.max(0, Math.floor(((date + epochOffsetMilliseconds) * 625) / 4096));
  const octets = Buffer.alloc(5);
  octets.writeUIntBE(time % 2 ** 40, 0, 5);
  return octets;
}
