// What webhooks are told: one row for each that wants the event, in the commit that makes the event, due at once.

import { gatewayOf } from '../store/lanes.js';
import type { Transaction } from '../store/session.js';
import type { EventDocument, EventName, MessageState } from '../store/states.js';
import type { Incoming, Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getUserRow } from '../store/users.js';
import { addCall } from '../store/webhook-calls.js';
import { getActiveWebhooks } from '../store/webhooks.js';
import { octetsTold } from './content.js';

export type ToldEvent = ReceivedEvent | StateEvent;

interface ReceivedEvent {
  event: 'received';
  text: Incoming;
  now: number;
}

/** `failed` is told for each state that is no good end: which one, `state` says. */
interface StateEvent {
  event: Exclude<EventName, 'received'>;
  /** The row, as it was before this state or after it. */
  message: Message;
  state: MessageState;
  reason?: string | undefined;
  now: number;
}

/** Costs one look into memory where nobody wants to hear it. */
export function* tellEvent(tx: Transaction, told: ToldEvent): Steps<void> {
  if (!tx.wantedEvents.has(told.event)) return;
  const listening = (yield* getActiveWebhooks(tx)).filter(({ events }) => events.includes(told.event));
  if (listening.length === 0) return;
  const event = yield* documentOf(tx, told);
  for (const { id } of listening) yield* addCall(tx, { webhook: id, event, now: told.now });
}

function* documentOf(tx: Transaction, told: ToldEvent): Steps<EventDocument> {
  const at = new Date(told.now).toISOString();
  // A message comes into each state once, so that its event needs no other name.
  if (told.event === 'received')
    return { id: `${told.text.id}.received`, event: told.event, at, message: writeReceived(told.text) };
  const id = `${told.message.id}.${told.state}`;
  return { id, event: told.event, at, message: yield* writeMessage(tx, told) };
}

function writeReceived({ id, gateway, sender, recipient, text, properties }: Incoming): EventDocument['message'] {
  const { data, udh, pid, dcs, parts, missing, sentAt } = properties ?? {};
  const told = { id, state: 'received', from: sender, to: recipient, text, gateway };
  const at = sentAt === undefined ? undefined : new Date(sentAt).toISOString();
  return withoutGaps({ ...told, data, udh, pid, dcs, parts, missing, sentAt: at });
}

function* writeMessage(tx: Transaction, { message, state, reason }: StateEvent): Steps<EventDocument['message']> {
  const user = message.userId === null ? undefined : yield* getUserRow(tx, message.userId);
  const { id, recipient: to, text, parts, properties } = message;
  const gateway = gatewayOf(message);
  const { udh, pid, dcs, msgid } = properties ?? {};
  const data = octetsTold(message);
  const told = { id, state, from: user?.address ?? null, to, text, gateway, parts, error: reason ?? null };
  return withoutGaps({ ...told, sender: message.sender ?? undefined, msgid, data, udh, pid, dcs });
}

function withoutGaps(message: Record<string, unknown>): EventDocument['message'] {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));
}
