// `easms demo`: a server on a throw-away folder and a virtual phone, and one text each way.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { openLog } from '../log.js';
import { EventLog } from '../phone/event-log.js';
import { Phone } from '../phone/phone.js';
import { startServer } from '../server.js';
import { connect } from './api-client.js';
import { cast, tellStory } from './demo-story.js';
import type { Actor } from './demo-story.js';
import { CliError } from './errors.js';
import { print } from './print.js';
import { startTimeline } from './timeline.js';
import type { Timeline } from './timeline.js';
import { untilSignal } from './until-signal.js';

export function demoCommand(): Command {
  return new Command('demo')
    .description('see a text leave through a phone, and the answer come back')
    .option('--keep', 'leave server and phone running')
    .action(async ({ keep = false }: { keep?: boolean }, command: Command) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'easms-demo-'));
      try {
        await perform(dataDir, { isKept: keep, say: (line) => print(command, line) });
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    });
}

interface Stage {
  readonly isKept: boolean;
  readonly say: (line: string) => void;
}

type Server = Awaited<ReturnType<typeof startServer>>;

async function perform(dataDir: string, { isKept, say }: Stage): Promise<void> {
  say('easms demo: a text leaves through a phone, and the answer comes back\n');
  const timeline = startTimeline(say);
  const server = await startServer({ dataDir, host: '127.0.0.1', port: 0, log: openLog('silent') });
  const log = new EventLog();
  const phone = phoneAt(server.http, log);
  try {
    timeline.tell('server', `is up at ${server.http}, its data in ${dataDir}`);
    const api = connect({ server: server.http, token: server.adminToken });
    await tellStory({ api, phone: actorFrom(phone, log), timeline });
    say(verdict(timeline));
    if (isKept) await keep(server, say);
  } finally {
    await phone.stop();
    await server.close();
  }
}

function phoneAt(server: string, log: EventLog): Phone {
  const { user, password, annasNumber: number } = cast;
  return new Phone({ server, user, password, number, deviceId: 'DEMOPHONE1', onEvent: log.record });
}

function actorFrom(phone: Phone, log: EventLog): Actor {
  return {
    deviceId: phone.deviceId,
    async switchOn() {
      const life = phone.run();
      const failed = life.then(() => Promise.reject(new CliError('NOT_DONE', 'the phone ended')));
      failed.catch(() => undefined);
      await Promise.race([log.until('synced', ({ collection }) => collection === 'Outbox'), failed]);
      return log.until('provisioned');
    },
    sent: (text) => log.until('sms-sent', (event) => event.text === text),
    confirmed: (serverId) => log.until('confirmed', (event) => event.serverId === serverId),
    async mailed() {
      const { subject = '' } = await log.until('received', (event) => event.class === 'Email');
      return { subject };
    },
    receive: (text) => phone.receive(text),
    get texts() {
      return log.all('sms-sent').length;
    },
  };
}

/** @throws CliError NOT_DONE where an expectation did not hold */
function verdict({ missing, expectations }: Timeline): string {
  if (missing.length > 0) throw new CliError('NOT_DONE', `missing: ${missing.join('; ')}`);
  return `\nAll ${expectations} expectations hold.`;
}

async function keep({ http, adminToken }: Server, say: (line: string) => void): Promise<void> {
  const access = `--server ${http} --token ${adminToken}`;
  say(`
Server and phone stay until Ctrl-C. Try in another terminal:
  npx easms send ${access} --from ${cast.user} --to ${cast.bobsNumber} "Hello again"
  npx easms user messages ${access} ${cast.user} --folder sent
  npx easms device list ${access}
A second phone that Anna could own:
  npx easms phone --server ${http} --user ${cast.user} --password "${cast.password}" --device-id SECOND1`);
  const signal = untilSignal();
  await signal.received;
  signal.forget();
}
