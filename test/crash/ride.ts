// Servers killed one after the other on the same data, while texts come in and leave through gateways whose provider is
// hostile. Seeded: which server dies at which event is the same in every run.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '../random.js';
import { frontOf, type ServerProcess, startProcess, submit } from '../server-process.js';
import { HostileSink } from './hostile-sink.js';
import { type Verdict, judge } from './verdict.js';

export interface RideOptions {
  kills: number;
  seed: number;
  /** Called after each life. */
  onKill?: (kills: number) => void;
}

const connections = 8;
/** So that the backlog of all lives stays one that can be worked off. */
const textsPerLife = 48;
/** A life in which the event never comes ends all the same. */
const longestLifeMilliseconds = 3000;
const sender = { user: 'ann@example.com', pass: 'a long enough secret' };

export async function ride({ kills, seed, onKill }: RideOptions): Promise<Verdict> {
  const dataDir = mkdtempSync(join(tmpdir(), 'easms-crash-'));
  const chance = seeded(seed);
  const sink = await HostileSink.open(seeded(seed + 1));
  const accepted = new Map<string, string>();
  const strange: string[] = [];
  try {
    for (let life = 0; life < kills; life++) {
      const server = await startProcess(dataDir, { hasSmsPort: true });
      if (life === 0) await furnish(server, sink);
      await live({ server, sink, life, accepted, strange, death: chooseDeath(chance) });
      onKill?.(life + 1);
    }
    const server = await startProcess(dataDir);
    sink.isFriendly = true;
    return await judge({ server, sink, accepted, strange, user: sender.user });
  } finally {
    sink.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function furnish(server: ServerProcess, { url }: HostileSink): Promise<void> {
  await server.api('PUT', `/users/${sender.user}`, { password: sender.pass });
  await server.api('PATCH', '/settings', { retry: { firstSeconds: 0.2, maxSeconds: 1, factor: 2, jitter: 0.2 } });
  // Few places, so that a server that dies has texts in all states.
  const shared = { type: 'http', timeoutSeconds: 1, concurrency: 8 };
  await server.api('PUT', '/gateways/get', { ...shared, method: 'GET', url: `${url}/get?to=%number%&text=%data%` });
  await server.api('PUT', '/gateways/post', {
    ...shared,
    method: 'POST',
    url: `${url}/post`,
    headers: { 'Content-Type': 'application/json' },
    body: '{"to":"%number%","text":"%data%"}',
  });
}

/** The server dies when the event has come so often. */
interface Death {
  at: number;
  event: 'asked' | 'accepted' | 'at the sink';
}

function chooseDeath(chance: () => number): Death {
  const event = (['asked', 'accepted', 'at the sink', 'at the sink'] as const)[Math.floor(chance() * 4)]!;
  return { event, at: 1 + Math.floor(chance() * textsPerLife) };
}

interface Life {
  server: ServerProcess;
  sink: HostileSink;
  life: number;
  /** Texts of the messages that were answered with OK, by their ids. */
  accepted: Map<string, string>;
  /** Answers that were neither OK nor cut off. */
  strange: string[];
  death: Death;
}

async function live({ server, sink, life, accepted, strange, death }: Life): Promise<void> {
  const counts = { asked: 0, accepted: 0, 'at the sink': 0 };
  const dying = new Promise<void>((resolve) => {
    const happened = (event: Death['event']): void => {
      if (++counts[event] === death.at && event === death.event) resolve();
    };
    sink.onText = () => happened('at the sink');
    const submitters = Array.from({ length: connections }, async (_, connection) => {
      for (let n = 0; n < textsPerLife / connections; n++) {
        const text = `text ${life}.${connection}.${n}`;
        const answering = submit(frontOf(server, connection), sender, text);
        happened('asked');
        const answer = await answering;
        if (answer === undefined) return;
        if (!answer.startsWith('OK ')) strange.push(answer);
        else accepted.set(answer.slice(3), text);
        happened('accepted');
      }
    });
    void Promise.all(submitters);
  });
  const patience = new AbortController();
  await Promise.race([
    dying,
    pause(longestLifeMilliseconds, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  await server.kill();
}
