// What rules are to bring about beside the message, as rows of the commit that decides on it.

import type { Effect, EffectDeed, Outcome } from '../rules/outcome.js';
import type { Header, TrafficMessage } from '../rules/traffic.js';
import { readTextRecipient } from '../mail/address.js';
import { comparable } from '../sms/number.js';
import type { NewEffect } from '../store/effects.js';
import type { EventDocument, MessageProperties } from '../store/states.js';

export type { NewEffect } from '../store/effects.js';

/** What the administrator's actions need to be done, by kind of row. */
export interface MailEffect {
  /** One address of mail. */
  to: string;
  message: MailedMessage;
  /** In place of the words and the subject of the message. */
  words?: { text: string; subject: string };
  /** An incoming text that nobody else gets: if this one cannot, it lies where it would have lain without the rule. */
  isPlacing?: true;
  /** An outgoing message whose To a rule made into this address: what becomes of the mail becomes of the message. */
  isCarrying?: true;
}

/** A text as the mail that it becomes. */
export interface MailedMessage extends Pick<TrafficMessage, 'direction' | 'from' | 'to' | 'subject' | 'body'> {
  fromAddress?: string;
  gateway?: string;
  isBinary: boolean;
  /** Of the local user who sends. */
  sender?: { address: string; name?: string };
  /** What rules added. */
  headers: readonly Header[];
  replyTo?: string;
  priority?: number;
}

export interface TextEffect {
  to: string;
  text: string;
  /** Octets in base64 in place of the text, and what says how a phone has to take them. */
  data?: string;
  udh?: string;
  pid?: number;
  dcs?: number;
  isPush?: true;
  /** Parameters of its `sms:` address. */
  parameters: Record<string, string>;
}

export interface MoveEffect {
  folder: string;
  /** Of which user; else of the one who sends. */
  address?: string;
  message: MailedMessage;
}

export interface ProgramEffect {
  program: string;
  arguments: readonly string[];
}

export interface UrlEffect {
  url: string;
}

export interface WebhookEffect {
  url: string;
  message: EventDocument['message'];
}

export interface SqlEffect {
  connection: string;
  /** Between each two stands one parameter. */
  pieces: readonly string[];
  parameters: readonly string[];
}

export interface EffectOwner {
  messageId: string;
  userId: number | undefined;
  now: number;
  /** Of the message, where it is binary. */
  carriage: Carriage | null | undefined;
}

/** `isPush` where the octets hold passwords: those of a copy are sealed, and told to nobody, as those of the message are. */
type Carriage = Pick<MessageProperties, 'udh' | 'pid' | 'dcs'> & { isPush?: true };

/** Moves of incoming texts are no rows: where a text lies is decided in its own commit. */
export function writeEffects(outcome: Outcome, { carriage, ...owner }: EffectOwner): NewEffect[] {
  const { direction } = outcome.message;
  const effects = outcome.effects.filter(({ type }) => direction === 'outgoing' || type !== 'move');
  return effects.flatMap((effect) =>
    deedsOf(effect, carriage ?? {}).map((deed) => ({
      ...owner,
      ...deed,
      direction,
      rule: effect.rule,
      hops: effect.hops,
    })),
  );
}

/** An outgoing message as the mail that it is from now on. */
export function writeCarrying(outcome: Outcome, to: string, { carriage: _, ...owner }: EffectOwner): NewEffect {
  const { message, matched } = outcome;
  const document = { to, message: mailed(message), isCarrying: true } satisfies MailEffect;
  const about = { direction: message.direction, rule: matched.at(-1) ?? '', hops: message.hops + 1 };
  return { ...owner, ...about, kind: 'mail', document: { ...document } };
}

interface Addressed {
  words?: MailEffect['words'];
  carriage?: Carriage;
}

type Deed = Pick<NewEffect, 'kind' | 'document' | 'target'>;

function deedsOf(effect: Effect, carriage: Carriage): Deed[] {
  switch (effect.type) {
    case 'forward':
    case 'copy':
      return effect.to.map((to) => addressed(effect, to, { carriage })).map((deed) => placing(effect, deed));
    case 'send':
      return effect.to.map((to) => addressed(effect, to, { words: { text: effect.text, subject: effect.subject } }));
    case 'move':
    case 'program':
    case 'url':
    case 'webhook':
    case 'sql':
      return [deedOf(effect, effect.message)];
  }
}

function addressed(effect: Effect, to: string, { words, carriage }: Addressed): Deed {
  const { message } = effect;
  const text = readTextRecipient(to);
  if (!text) return { kind: 'mail', document: { to, message: mailed(message), ...(words && { words }) } };
  const { number, parameters } = text;
  const isBinary = !words && message.encoding === 'binary';
  const { udh, pid, dcs, isPush } = carriage ?? {};
  const content = isBinary
    ? { text: '', data: message.body, udh, pid, dcs, isPush }
    : { text: words?.text ?? message.body };
  const document = { to: number, ...content, parameters: Object.fromEntries(parameters) };
  return { kind: 'text', document, target: comparable(number) };
}

function placing({ type, message }: Effect, deed: Deed): Deed {
  const isPlacing = type === 'forward' && message.direction === 'incoming';
  return isPlacing ? { ...deed, document: { ...deed.document, isPlacing: true } } : deed;
}

type OtherDeed = Exclude<EffectDeed, { type: 'forward' | 'copy' | 'send' }>;

function deedOf(deed: OtherDeed, message: TrafficMessage): Deed {
  switch (deed.type) {
    case 'move': {
      const { folder, address } = deed;
      return { kind: 'move', document: { folder, ...(address && { address }), message: mailed(message) } };
    }
    case 'program':
      return { kind: 'program', document: { program: deed.program, arguments: deed.arguments } };
    case 'url':
      return { kind: 'url', document: { url: deed.url } };
    case 'webhook':
      return { kind: 'webhook', document: { url: deed.url, message: told(message) } };
    case 'sql': {
      const { connection, pieces, parameters } = deed;
      return { kind: 'sql', document: { connection, pieces, parameters } };
    }
  }
}

// Those that say what has no place in the header of a mail.
const ours = new Set(['sender', 'reply-to', 'x-message-id', 'x-origin']);

export function mailed(message: TrafficMessage): MailedMessage {
  const { direction, from, to, subject, body, fromAddress, gateway, sender, headers, priority } = message;
  const replyTo = headers.find(({ name }) => name.toLowerCase() === 'reply-to')?.value;
  return {
    ...{ direction, from, to, subject, body },
    ...(fromAddress !== undefined && { fromAddress }),
    ...(gateway !== undefined && { gateway }),
    isBinary: message.encoding === 'binary',
    ...(sender && { sender: { address: sender.address, ...(sender.displayName && { name: sender.displayName }) } }),
    headers: headers.filter(({ name }) => !ours.has(name.toLowerCase())),
    ...(replyTo && { replyTo }),
    ...(priority !== undefined && { priority }),
  };
}

function told(message: TrafficMessage): EventDocument['message'] {
  const { direction, id, from, to, subject, body, gateway, encoding, parts, sender } = message;
  const content = encoding === 'binary' ? { text: '', data: body } : { text: body };
  const known = { direction, id, from, to, subject, ...content, gateway, parts, user: sender?.address };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}
