// What the queue of mail has for a list or a notification account of this server is taken here, as from the user whose it is, and
// never leaves: what a phone wrote, and what a user has sent on. See docs/decisions/0144.

import { type ParsedMail, parseMail } from '../mail/parse.js';
import type { Delivery, Envelope, RelayConnection } from '../mail/relay-connection.js';
import { findAddressed } from '../message/addressed.js';
import { acceptArrival, type Arrival, type Destination, prepareArrival } from '../message/arrival.js';
import { readTextAddress } from '../message/mail-recipients.js';
import { numberKey } from '../message/reply-to.js';
import type { User } from '../store/tables.js';
import { getUserRow } from '../store/users.js';
import type { Conversation } from './conversation.js';
import { SmtpError } from './errors.js';
import { takeRecipient } from './recipient.js';
import { refusalOf } from './replies.js';
import type { SmtpServices } from './services.js';

/** A connection to the relay that asks here first. */
export function hereFirst(connection: RelayConnection, services: SmtpServices): RelayConnection {
  return { deliver: (envelope) => deliver(services, connection, envelope), close: () => connection.close() };
}

const everybodyHasIt: Delivery = { refused: [], postponed: [], mayHaveArrived: false };

async function deliver(services: SmtpServices, connection: RelayConnection, envelope: Envelope): Promise<Delivery> {
  const here: string[] = [];
  let delivery = everybodyHasIt;
  for (const recipient of envelope.recipients) if (await isHere(services, recipient)) here.push(recipient);
  const others = envelope.recipients.filter((recipient) => !here.includes(recipient));
  if (others.length > 0) delivery = await connection.deliver({ ...envelope, recipients: others });
  for (const recipient of here) delivery = together(delivery, await take(services, envelope, recipient));
  return delivery;
}

function together(a: Delivery, b: Delivery): Delivery {
  return { ...a, refused: [...a.refused, ...b.refused], postponed: [...a.postponed, ...b.postponed] };
}

// What cannot be known now goes to the relay, which gives it back, or is tried again by its queue.
async function isHere({ store }: SmtpServices, recipient: string): Promise<boolean> {
  const found = await store.read((session) => findAddressed(session, recipient)).catch(() => undefined);
  return found !== undefined;
}

async function take(services: SmtpServices, envelope: Envelope, recipient: string): Promise<Delivery> {
  try {
    await accept(services, envelope, recipient);
    return everybodyHasIt;
  } catch (error) {
    const { reply, code, isFault } = refusalOf(error);
    if (isFault) services.log.error({ err: error }, 'what goes on to a list could not be taken');
    const refusal = { recipient, reason: `${reply.enhanced} ${reply.sentence}` };
    // Without a gateway it waits as every text does that goes on.
    const isForGood = reply.code >= 500 && code !== 'NO_GATEWAY';
    return { ...everybodyHasIt, [isForGood ? 'refused' : 'postponed']: [refusal] };
  }
}

/** Throws as RCPT TO and DATA do. */
async function accept(services: SmtpServices, envelope: Envelope, recipient: string): Promise<void> {
  const { octets, sender, id = '', userId } = envelope;
  const user = typeof userId === 'number' ? await findUser(services, userId) : undefined;
  if (!user) throw new SmtpError('AUTHENTICATION_REQUIRED');
  const found = await takeRecipient(services, conversationOf(user, id), recipient);
  const parsed = await parseMail(octets);
  const goesOn = sender === '';
  const destinations = goesOn ? found.filter((each) => isNew(services, each, { user, parsed })) : found;
  const writer = goesOn ? undefined : user;
  const arrival: Arrival = { parsed, octets, returnPath: sender, user: writer, trace: [], queued: { id, goesOn } };
  const prepared = await prepareArrival(services, arrival, destinations);
  await services.store.transact((tx) => acceptArrival(tx, prepared));
}

interface GoingOn {
  user: User;
  parsed: ParsedMail;
}

// It lies in the user's mailbox already, and a number gets nothing back that came from it.
function isNew(services: SmtpServices, destination: Destination, { user, parsed }: GoingOn): boolean {
  const from = readTextAddress(parsed.from?.address ?? '')?.number;
  return !isOf(destination, user) && !isTo(services, destination, from);
}

async function findUser({ store }: SmtpServices, id: number): Promise<User | undefined> {
  return store.read((session) => getUserRow(session, id));
}

function isOf(destination: Destination, { id }: User): boolean {
  return destination.kind === 'user' && destination.userId === id;
}

function isTo({ store }: SmtpServices, destination: Destination, number: string | undefined): boolean {
  if (destination.kind !== 'text' || number === undefined) return false;
  const to = destination.order.wishes.numbers[0]!;
  return numberKey(store, to) === numberKey(store, number);
}

function conversationOf(user: User, id: string): Conversation {
  return {
    id,
    address: '127.0.0.1',
    isTrusted: false,
    isLmtp: false,
    sender: { way: 'session', user },
    wrongPasswords: 0,
    vouchedFor: undefined,
    lastVouched: undefined,
    destinations: new Map(),
  };
}
