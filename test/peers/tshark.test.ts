// The answers of every story as an HTTP exchange before wireshark's dissector.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readStories, tell } from '../eas/story.js';
import { isAbsent } from './libwbxml.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-tshark-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function asPacket(body: Uint8Array): string {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ms-sync.wbxml\r\nContent-Length: ${body.length}\r\n\r\n`;
  const hex = Buffer.concat([Buffer.from(head), body])
    .toString('hex')
    .match(/../g)!;
  return `000000 ${hex.join(' ')}\n`;
}

/** How many of the bodies, each in a packet of its own, tshark shows by this filter. */
function countShown(bodies: readonly Uint8Array[], filter: string): number {
  const file = join(folder, 'answers.pcap');
  const quiet = { stdio: ['pipe', 'pipe', 'ignore'] as 'pipe'[], encoding: 'utf8' } as const;
  execFileSync('text2pcap', ['-q', '-T', '80,40000', '-', file], { ...quiet, input: bodies.map(asPacket).join('') });
  const shown = execFileSync('tshark', ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number'], quiet);
  return shown.split('\n').filter((line) => line !== '').length;
}

const broken = '_ws.malformed || _ws.expert.severity >= "Error"';

test('wireshark reads every answer of the stories and finds none malformed', async (t) => {
  if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
  const told = await Promise.all(readStories().map(tell));
  const bodies = told.flatMap(({ answers }) => answers.map(({ octets }) => octets)).filter(({ length }) => length > 0);
  t.is(countShown(bodies, 'wbxml'), bodies.length);
  t.is(countShown(bodies, broken), 0);
});

test('wireshark finds an answer malformed whose last octets are missing', async (t) => {
  if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
  const { answers } = await tell(readStories().find(({ name }) => name === 'two-options')!);
  const whole = answers.at(-1)!.octets;
  t.is(countShown([whole.subarray(0, whole.length - 8)], broken), 1);
});
