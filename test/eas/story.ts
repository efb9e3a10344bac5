// A story of fixtures/eas told again to a fresh server: the recorded octets go in, and what comes out is given back.
// Clock, ids and policy keys are the story's, so that every answer is the same to the octet each time.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Dispatcher } from '../../src/gateway/dispatch.js';
import { Election } from '../../src/gateway/election.js';
import { deliverLetter } from '../../src/message/letter.js';
import { submit } from '../../src/message/submit.js';
import type { GatewayServices } from '../../src/gateway/services.js';
import pino from 'pino';
import { type Bench, openBench } from './talking-device.js';

export const storiesFolder = new URL('../../../fixtures/eas/', import.meta.url);

export interface Head {
  id: string;
  type: string;
  userAgent?: string;
  version: string;
}

export interface RequestStep {
  /** Number, command and what it is about: `05-Sync-inbox`. */
  request: string;
  policyKey: number;
  /** Seconds since the step before; 1 where nothing is said. */
  afterSeconds?: number;
  /** Of another device, or of the same in another version. */
  device?: Partial<Head>;
  /** What happens while the server holds this request. */
  meanwhile?: SubmitStep;
  /** 200 where nothing is said. */
  http?: number;
  /** An earlier step whose answer this one repeats, to the octet. */
  sameAnswerAs?: string;
}

export interface SubmitStep {
  submit: { number: string; text: string };
}

export interface LetterStep {
  /** A mail that the server writes to Ann. */
  letter: { subject: string; text: string };
}

export type Step = RequestStep | SubmitStep | LetterStep;

/** What the store holds at the end. */
export interface Ending {
  messages?: string[];
  gateway?: string | null;
  folders?: Record<string, string[]>;
}

export interface Story {
  name: string;
  folder: URL;
  about: string;
  device: Head;
  policyKeys: number[];
  steps: Step[];
  then: Ending;
}

export function readStories(): Story[] {
  const names = readdirSync(storiesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => {
    const folder = new URL(`${name}/`, storiesFolder);
    const told = JSON.parse(readFileSync(new URL('story.json', folder), 'utf8')) as Omit<Story, 'name' | 'folder'>;
    return { ...told, name, folder };
  });
}

export interface ToldStep {
  step: RequestStep;
  http: number;
  octets: Buffer;
}

export interface Told {
  answers: ToldStep[];
  ending: Required<Ending>;
}

/** Tells the story to a server that knows Ann alone, whose folders are 1 Inbox to 5 Outbox. */
export async function tell(story: Story): Promise<Told> {
  const policyKeys = [...story.policyKeys];
  const bench = await openBench({ newPolicyKey: () => policyKeys.shift() ?? 0 });
  const middle = openMiddle(bench);
  const answers: ToldStep[] = [];
  for (const step of story.steps) {
    if ('submit' in step) await middle.submit(step);
    else if ('letter' in step) await deliver(bench, step);
    else answers.push(await tellRequest({ story, bench, middle }, step));
    await middle.settle();
  }
  const ending = await readEnding(bench);
  await middle.close();
  await bench.close();
  return { answers, ending };
}

async function deliver({ store, user, clock }: Bench, { letter }: LetterStep): Promise<void> {
  await store.transact((tx) => deliverLetter(tx, { to: user, ...letter, now: clock.now }));
}

interface Telling {
  story: Story;
  bench: Bench;
  middle: Middle;
}

async function tellRequest({ story, bench, middle }: Telling, step: RequestStep): Promise<ToldStep> {
  bench.clock.now += (step.afterSeconds ?? 1) * 1000;
  const answering = post(story, bench, step);
  if (step.meanwhile) {
    while (bench.eas.held() === 0) await turn();
    await middle.submit(step.meanwhile);
    await middle.settle();
  }
  return { step, ...(await answering) };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function post(story: Story, { app }: Bench, step: RequestStep): Promise<Omit<ToldStep, 'step'>> {
  const { id, type, userAgent, version } = { ...story.device, ...step.device };
  const file = new URL(`${step.request}.req.wbxml`, story.folder);
  const query = `Cmd=${commandOf(step)}&User=ann%40example.com&DeviceId=${id}&DeviceType=${type}`;
  const payload = existsSync(file) ? readFileSync(file) : undefined;
  const response = await app.inject({
    method: 'POST',
    url: `/Microsoft-Server-ActiveSync?${query}`,
    headers: {
      authorization: `Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`,
      'ms-asprotocolversion': version,
      'x-ms-policykey': String(step.policyKey),
      ...(userAgent ? { 'user-agent': userAgent } : {}),
      ...(payload ? { 'content-type': 'application/vnd.ms-sync.wbxml' } : {}),
    },
    ...(payload ? { payload } : {}),
  });
  return { http: response.statusCode, octets: response.rawPayload };
}

export function commandOf({ request }: RequestStep): string {
  return request.split('-')[1]!;
}

export interface Middle {
  submit(step: SubmitStep): Promise<void>;
  /** Until the election and the dispatcher have nothing left to do. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export function openMiddle({ store, user, clock }: Bench): Middle {
  let count = 0;
  const newId = () => `message-${++count}`;
  const services: GatewayServices = { store, now: () => clock.now, newId, log: pino({ level: 'silent' }) };
  const dispatcher = new Dispatcher(services);
  const election = new Election(services);
  election.start();
  return {
    submit: async ({ submit: { number, text } }) => {
      await submit(services, { user, origin: 'api', numbers: [number], text });
    },
    settle: async () => {
      await election.stop();
      election.start();
      await dispatcher.settle();
    },
    close: async () => {
      await election.stop();
      await dispatcher.stop();
    },
  };
}

async function readEnding({ store, user }: Bench): Promise<Required<Ending>> {
  const { folders, items, messages, mailboxes, devices } = store.tables;
  const held = await store.db.select().from(items).orderBy(items.id);
  const named = await store.db.select().from(folders).orderBy(folders.id);
  const states = await store.db.select().from(messages).orderBy(messages.id);
  const [mailbox] = (await store.db.select().from(mailboxes)).filter(({ userId }) => userId === user.id);
  const gateway = (await store.db.select().from(devices)).find(({ id }) => id === mailbox?.activeDeviceId);
  return {
    messages: states.map(({ state }) => state),
    gateway: gateway?.deviceId ?? null,
    folders: Object.fromEntries(
      named.map(({ id, name }) => [
        name,
        held.filter(({ folderId }) => folderId === id).map(({ subject, text }) => subject ?? text),
      ]),
    ),
  };
}
