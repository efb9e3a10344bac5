// What the rules for outgoing messages make of a submission: rewritten, sent another way, refused, or thrown away.

import type { RuleSet } from '../rules/engine.js';
import type { Destination, Outcome } from '../rules/outcome.js';
import type { Header, Sender, TrafficMessage } from '../rules/traffic.js';
import { directoryOf } from '../accounts/directory.js';
import { readTextRecipient } from '../mail/address.js';
import { alphabetOf } from '../sms/alphabet.js';
import { readNumber } from '../sms/number.js';
import type { QueuedMessage } from '../store/messages.js';
import type { Store } from '../store/open.js';
import type { User } from '../store/tables.js';
import { type NewEffect, writeCarrying, writeEffects } from './effect-rows.js';
import { MessageError } from './errors.js';
import type { MessageServices, PreparedTexts, Submission } from './submit.js';

/** What rules decided on one message beside its content. */
export interface Decided {
  /** Rows of the commit that accepts it. */
  effects: readonly NewEffect[];
  /** The rule that threw it away. */
  deletedBy: string | undefined;
  /** It goes as mail, by one of the effects, and through no gateway. */
  isMail: boolean;
}

/** Reads one message anew, as rules left it. Throws MessageError. */
export type ReadAgain = (rewritten: Submission) => QueuedMessage;

export interface Ruled {
  texts: PreparedTexts;
  /** The first that was refused: the request comes to nothing. */
  refused: { error: MessageError; effects: readonly NewEffect[] } | undefined;
}

export interface Trying {
  rules: RuleSet;
  submission: Submission;
  texts: PreparedTexts;
  readAgain: ReadAgain;
}

/** Each message alone, as if it were the only one. Throws MessageError where what a rule wrote is no message. */
export async function tryOutgoing({ store }: MessageServices, trying: Trying): Promise<Ruled> {
  const { rules, submission, texts } = trying;
  const sender = await senderOf(store, submission.user);
  const messages: QueuedMessage[] = [];
  const decided: Decided[] = [];
  for (const [n, message] of texts.messages.entries()) {
    const traffic = trafficOf(submission, { message, written: texts.behindAt?.[n], sender });
    const outcome = rules.evaluate(traffic, { now: message.now });
    const { id: messageId, userId, now, properties, origin } = message;
    const carriage = { ...properties, ...(origin === 'push' && { isPush: true as const }) };
    const owner = { messageId, userId, now, carriage };
    const effects = writeEffects(outcome, owner);
    if (outcome.verdict.kind === 'reject') {
      const error = new MessageError('REJECTED_BY_RULE', undefined, outcome.verdict.reason || undefined);
      return { texts, refused: { error, effects } };
    }
    const deletedBy = outcome.verdict.kind === 'delete' ? titleOf(outcome) : undefined;
    const address = deletedBy === undefined ? mailAddressOf(outcome, traffic) : undefined;
    if (address !== undefined) effects.push(writeCarrying(outcome, address, owner));
    messages.push(address === undefined ? rewrite(trying, { message, traffic, outcome }) : message);
    decided.push({ effects, deletedBy, isMail: address !== undefined });
  }
  return { texts: { ...texts, messages, parts: messages[0]!.parts, decided }, refused: undefined };
}

/** What rules made of To, where that is an address of mail: behind a number stands a gateway. */
function mailAddressOf({ message }: Outcome, asked: TrafficMessage): string | undefined {
  const to = message.to.trim();
  const [, before] = /^([^\s@&?]+)@[^\s@&?]+$/.exec(to) ?? [];
  if (message.to === asked.to || before === undefined || readNumber(before) !== undefined) return undefined;
  return readTextRecipient(to) === undefined ? to : undefined;
}

function titleOf({ matched }: Outcome): string {
  return matched.at(-1) ?? '';
}

/** A user as rules see the one who sends. */
export async function senderOf(store: Store, user: User | undefined): Promise<Sender | undefined> {
  if (!user) return undefined;
  const { address, domain, displayName, phoneNumber } = user;
  const groups = (await directoryOf(store)).groupsOf(address);
  return { address, domain, displayName: displayName ?? undefined, phoneNumber: phoneNumber ?? undefined, groups };
}

interface Asked {
  message: QueuedMessage;
  /** Behind the @ of its number, as it was written. */
  written: string | undefined;
  sender: Sender | undefined;
}

/** A message as rules see it. */
export function trafficOf(submission: Submission, { message, written, sender }: Asked): TrafficMessage {
  const { binary, terms, subject = '', hops = 0 } = submission;
  const { pinnedGateway: gateway, properties, text } = message;
  const at = gateway ?? written;
  return {
    direction: 'outgoing',
    id: message.id,
    from: sender?.address ?? message.sender ?? '',
    to: at === undefined ? message.recipient : `${message.recipient}@${at}`,
    subject,
    body: properties?.data ?? text,
    headers: headersOf(submission),
    sender,
    isAuthenticated: sender !== undefined || terms !== undefined,
    gateway,
    encoding: binary ? 'binary' : alphabetOf(text) === 'gsm7' ? 'gsm7' : 'unicode',
    octets: binary ? binary.data.length : Buffer.byteLength(text),
    parts: message.parts,
    hops,
  };
}

function headersOf({ sender, reply, msgid, origin }: Submission): Header[] {
  const written = { Sender: sender, 'Reply-To': reply, 'X-Message-Id': msgid, 'X-Origin': origin };
  return Object.entries(written).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

interface Judged {
  message: QueuedMessage;
  traffic: TrafficMessage;
  outcome: Outcome;
}

function rewrite({ submission, readAgain }: Trying, { message, traffic, outcome }: Judged): QueuedMessage {
  const { message: left, destination, gateway, priority } = outcome;
  const isAsItWas = left === traffic || isSame(left, traffic);
  if (isAsItWas && gateway === message.pinnedGateway && priority === undefined) return message;
  const rewritten = {
    ...submission,
    ...rewrittenContent(submission, left),
    ...callerOf(submission, { left, traffic }),
    ...parametersOf(destination, submission),
    numbers: [destination.number],
    gateway,
    isRouted: true,
    priority,
  };
  // What it is called by whoever repeats it is what was asked for.
  const read = readAgain(rewritten);
  const properties = left.to === traffic.to ? read.properties : { ...read.properties, askedTo: traffic.to };
  return { ...read, properties, id: message.id, asked: message.asked ?? message };
}

function isSame(left: TrafficMessage, traffic: TrafficMessage): boolean {
  return (
    left.to === traffic.to &&
    left.body === traffic.body &&
    left.from === traffic.from &&
    headerOf(left, 'sender') === headerOf(traffic, 'sender') &&
    headerOf(left, 'reply-to') === headerOf(traffic, 'reply-to')
  );
}

function headerOf({ headers }: TrafficMessage, name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value;
}

function rewrittenContent({ binary }: Submission, { body }: TrafficMessage): Partial<Submission> {
  return binary ? { binary: { ...binary, data: Buffer.from(body, 'base64') } } : { text: body };
}

// A rule that rewrites From means the number that the recipient sees.
function callerOf(
  submission: Submission,
  { left, traffic }: Pick<Judged, 'traffic'> & { left: TrafficMessage },
): Partial<Submission> {
  const sender = left.from === traffic.from ? headerOf(left, 'sender') : left.from;
  return { sender: sender || undefined, reply: headerOf(left, 'reply-to') ?? submission.reply };
}

/** What stands behind the number: the parameters of a request to `/sms/`. */
function parametersOf({ parameters }: Destination, { values = [] }: Submission): Partial<Submission> {
  const found = new Map(parameters);
  const passed = parameters.filter(([name]) => name === 'value').map(([, value]) => value);
  const counts = { maxParts: 'maxmsgs', pid: 'pid', dcs: 'dcs' } as const;
  const read = Object.entries(counts).flatMap(([field, name]) => {
    const value = found.get(name);
    // What is no count is refused as one out of range.
    return value ? [[field, /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN]] : [];
  });
  const sender = found.get('sender');
  const reply = found.get('reply');
  return {
    ...(Object.fromEntries(read) as Partial<Submission>),
    ...(sender && { sender }),
    ...(reply && { reply }),
    ...(passed.length > 0 && { values: [...values, ...passed] }),
  };
}
