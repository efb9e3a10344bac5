// What is known of one connection and of the mail that is being given over it.

import type { SMTPServerSession } from 'smtp-server';
import type { Account } from '../accounts/access.js';
import type { Sender } from '../accounts/decide.js';
import type { Destination } from '../message/arrival.js';

export interface Conversation {
  readonly id: string;
  /** Of the peer. */
  readonly address: string;
  readonly isTrusted: boolean;
  readonly isLmtp: boolean;
  /** Who logged in. */
  sender: Sender | undefined;
  wrongPasswords: number;
  /** The user that the envelope names, where a mail server that is trusted speaks for him. */
  vouchedFor: Account | undefined;
  /** The last of them, known for a moment. */
  lastVouched: { address: string; account: Account; until: number } | undefined;
  /** By recipient as the library keeps it, in lower case. */
  readonly destinations: Map<string, readonly Destination[]>;
}

const conversations = new WeakMap<SMTPServerSession, Conversation>();

export function beginConversation(session: SMTPServerSession, of: { isTrusted: boolean; isLmtp: boolean }): void {
  conversations.set(session, {
    ...of,
    id: session.id,
    address: session.remoteAddress,
    sender: undefined,
    wrongPasswords: 0,
    vouchedFor: undefined,
    lastVouched: undefined,
    destinations: new Map(),
  });
}

export function hasBegun(session: SMTPServerSession): boolean {
  return conversations.has(session);
}

export function conversationOf(session: SMTPServerSession): Conversation {
  return conversations.get(session)!;
}

/** Nobody has logged in yet: what a peer says before STARTTLS counts for nothing behind it. RFC 3207 4.2 */
export function forgetSender(conversation: Conversation): void {
  conversation.sender = undefined;
}

/** Whose mail it is: who logged in, else whom the mail server names. */
export function userOf({ sender, vouchedFor }: Conversation): Account | undefined {
  return sender ? (sender.user as Account | undefined) : vouchedFor;
}

const loopback = /^(?:127\.|::1$)/;

export function isLoopback(address: string): boolean {
  return loopback.test(address);
}
