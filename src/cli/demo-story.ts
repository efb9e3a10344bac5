// What the demo shows: a text written on a web page leaves through a phone, and the answer comes back. Everything goes
// over the surfaces that anybody may use.

import { setTimeout as wait } from 'node:timers/promises';
import { pathOf } from './api-client.js';
import type { ApiClient, Page } from './api-client.js';
import { CliError } from './errors.js';
import type { Message } from './message.js';
import type { Timeline } from './timeline.js';

/** Anna, her phone, and Bob who has none of this. All invented. */
export const cast = {
  user: 'anna@example.com',
  password: 'a throw-away password',
  annasNumber: '+447700900001',
  bobsNumber: '+447700900123',
  question: 'Dinner at eight? Anna',
  answer: 'Gladly. I bring the wine. Bob',
} as const;

/** The phone, as far as the story needs to know it. */
export interface Actor {
  readonly deviceId: string;
  /** Starts its life; resolves when it is ready. */
  switchOn(): Promise<{ policyKey: string }>;
  /** Resolves when it has given such a text to the network. */
  sent(text: string): Promise<{ to: string; serverId: string }>;
  confirmed(serverId: string): Promise<{ way: string }>;
  /** Resolves when a mail has come. */
  mailed(): Promise<{ subject: string }>;
  /** The network brings it a text; resolves when the server has it. */
  receive(text: { from: string; text: string }): Promise<{ serverId: string }>;
  /** How many texts it gave to the network in all. */
  readonly texts: number;
}

export interface Story {
  readonly api: ApiClient;
  readonly phone: Actor;
  readonly timeline: Timeline;
}

interface MailboxItem {
  readonly class: string;
  readonly from: string;
  readonly text: string;
}

export async function tellStory(story: Story): Promise<void> {
  await annaMovesIn(story);
  await herPhoneIsElected(story);
  const id = await aWebPageSends(story);
  await thePhoneSends(story, id);
  await bobAnswers(story);
}

async function annaMovesIn({ api, timeline }: Story): Promise<void> {
  const { user, password, annasNumber } = cast;
  await api.put(pathOf('users', user), { password, displayName: 'Anna', phoneNumber: annasNumber });
  timeline.tell('you', `PUT /api/v1/users/${user}: Anna has a mailbox`);
}

async function herPhoneIsElected({ api, phone, timeline }: Story): Promise<void> {
  const { policyKey } = await inTime('the phone, provisioned and synchronized', phone.switchOn());
  timeline.tell('phone', `${phone.deviceId} is provisioned (policy key ${policyKey}), sends texts for others`);
  timeline.tell('phone', 'has synchronized Inbox, Outbox and Sent Items, and sleeps in a Ping');

  const gateway = await until('an elected phone', async () => {
    const elected = await api.get<{ deviceId: string | null; valid: boolean } | null>(gatewayPath);
    return elected?.deviceId ? elected : undefined;
  });
  timeline.expect(gateway.deviceId === phone.deviceId && gateway.valid, "the phone is Anna's valid SMS gateway");
  timeline.tell('server', `has elected ${gateway.deviceId}: it sends what Anna writes elsewhere`);
  const { subject } = await inTime('the mail about the election', phone.mailed());
  timeline.tell('phone', `has mail: "${subject}"`);
}

const gatewayPath = pathOf('users', cast.user, 'gateway');

async function aWebPageSends({ api, timeline }: Story): Promise<string> {
  const { user, password, bobsNumber, question } = cast;
  const parameters = { number: bobsNumber, data: question, user, pass: password };
  const response = await fetch(new URL(`/sms/?${new URLSearchParams(parameters).toString()}`, api.server));
  const answer = (await response.text()).trim();
  timeline.tell('web page', `GET /sms/?number=${bobsNumber}&data=${question}  →  ${response.status} ${answer}`);
  const [, id] = /^OK (\S+)$/.exec(answer) ?? [];
  if (id === undefined) throw new CliError('NOT_DONE', `missing: the answer OK and an id, instead of ${answer}`);
  return id;
}

async function thePhoneSends({ api, phone, timeline }: Story, id: string): Promise<void> {
  const { to, serverId } = await inTime('the text in the Outbox of the phone', phone.sent(cast.question));
  timeline.expect(to === cast.bobsNumber, 'the text went to the number it was written to');
  timeline.tell('phone', `finds it in its Outbox as ${serverId}, and gives it to the network`);
  const { way } = await inTime('the confirmation', phone.confirmed(serverId));
  timeline.tell('phone', `confirms: ${confirmations[way] ?? way}`);

  const message = await until('the message in state sent', async () => {
    const found = await api.get<Message>(pathOf('messages', id));
    return found.state === 'sent' ? found : undefined;
  });
  const copies = (await itemsOf(api, 'sent')).filter(({ text }) => text === cast.question);
  const left = await itemsOf(api, 'outbox');
  timeline.expect(copies.length === 1, 'the text lies once in Sent Items');
  timeline.expect(left.length === 0, 'nothing is left in the Outbox');
  timeline.expect(phone.texts === 1, 'the phone sent one text and no other');
  timeline.tell('server', `message ${message.id} is ${message.state}, and lies once in Sent Items`);
}

const confirmations: Readonly<Record<string, string>> = {
  delete: 'it removed the text from the Outbox',
  move: 'it moved the text to Sent Items',
  add: 'it added the text to Sent Items',
};

async function bobAnswers({ api, phone, timeline }: Story): Promise<void> {
  const { answer, bobsNumber } = cast;
  timeline.tell('Bob', `answers from ${bobsNumber}: "${answer}"`);
  const { serverId } = await inTime('the upload of the answer', phone.receive({ from: bobsNumber, text: answer }));
  timeline.tell('phone', `has uploaded it, and knows it as ${serverId}`);

  const found = await until('the answer in the Inbox', async () => {
    const items = (await itemsOf(api, 'inbox')).filter(({ text }) => text === answer);
    return items.length > 0 ? items : undefined;
  });
  timeline.expect(found.length === 1, 'the answer lies once in the Inbox');
  timeline.expect(found[0]?.class === 'SMS', 'the answer is of class SMS');
  timeline.tell('server', `Anna's Inbox holds it: ${found[0]?.class} from ${found[0]?.from}`);
}

async function itemsOf(api: ApiClient, folder: string): Promise<readonly MailboxItem[]> {
  const path = `${pathOf('users', cast.user, 'messages')}?folder=${folder}`;
  return (await api.get<Page<MailboxItem>>(path)).items;
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 20;

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > giveUpAt) throw missing(what);
    await wait(LOOK_EVERY_MS);
  }
}

async function inTime<T>(what: string, happening: Promise<T>): Promise<T> {
  const tooLate = new AbortController();
  const deadline = wait(PATIENCE_MS, undefined, tooLate).then(() => {
    throw missing(what);
  });
  try {
    return await Promise.race([happening, deadline]);
  } finally {
    deadline.catch(() => undefined);
    tooLate.abort();
  }
}

function missing(what: string): CliError {
  return new CliError('NOT_DONE', `missing after ${PATIENCE_MS / 1000} s: ${what}`);
}
