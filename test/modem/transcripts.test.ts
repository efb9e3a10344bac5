// Starts as they are written down under fixtures/modem: what we say, and what modems of that make answer.

import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { AtChannel } from '../../src/modem/channel.js';
import { startUp } from '../../src/modem/start-up.js';
import { TestClock } from './test-clock.js';

const root = new URL('../../../fixtures/modem/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.at'));

interface Line {
  kind: string;
  text: string;
}

function read(name: string): Line[] {
  const lines = readFileSync(new URL(name, root), 'utf8').split('\n');
  return lines.filter((line) => /^[<>=] /.test(line)).map((line) => ({ kind: line[0]!, text: line.slice(2) }));
}

for (const name of files)
  test(`starts as in ${name}`, async (t) => {
    const lines = read(name);
    const clock = new TestClock();
    const write = (octets: string | Uint8Array): void => {
      const expected = lines.shift();
      t.is(String(octets), `${expected?.text}\r`);
      while (lines[0]?.kind === '<') {
        const { text } = lines.shift()!;
        queueMicrotask(() => channel.push(Buffer.from(`\r\n${text}\r\n`, 'latin1')));
      }
    };
    const port = { write, close: async () => undefined };
    const log = { sent: () => undefined, received: () => undefined };
    const channel = new AtChannel({ port, clock, log, onUnsolicited: () => undefined });
    const memory = { read: async () => ({}), write: async () => undefined };
    const started = await clock.until(
      startUp({
        ...{ channel, clock, memory, template: undefined, pin: '1234', serviceCentre: undefined },
        ...{ signal: new AbortController().signal, onObstacle: () => undefined },
      }),
    );
    const { template, memories, indications, signal } = started;
    const ways = [indications.mode, indications.messages, indications.reports].join('/');
    const heard = signal === undefined ? 'no signal' : `${signal} dBm`;
    t.is([template.title, memories.join(' '), ways, heard].join(', '), lines.shift()?.text ?? '');
    t.deepEqual(lines, []);
  });

test('there are transcripts', (t) => {
  t.true(files.length > 0);
});
