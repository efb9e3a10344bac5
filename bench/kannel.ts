// Debian's Kannel as people run it: bearerbox with its queue in a file, smsbox before it, and an HTTP service centre behind
// it that is another Kannel. Kannel User Guide: groups core, smsc (HTTP), smsbox and sendsms-user.
//
// What is chosen in its favour: nothing but panics is logged, no access log is written, 32 requests may be on their way to
// the service centre (10 are the default), and `system-type = kannel`, which is quicker than `generic` with a pattern for
// the answer. What it leaves to defaults is how it keeps the queue: `store-type = file` writes without fsync, and the whole
// file anew every ten seconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Unmeasurable } from './figure.js';
import type { Usage } from './meter.js';
import { endAtEnd, type ProcessUnderTest } from './process-under-test.js';
import { scratchFolder } from './scratch-folder.js';
import { freePorts } from './free-ports.js';

const host = '127.0.0.1';
const programs = ['/usr/sbin/bearerbox', '/usr/sbin/smsbox'] as const;

export const kannelUser = { username: 'ann', password: 'correct horse battery staple' } as const;

export interface Kannel extends ProcessUnderTest {
  /** Name and version. */
  readonly name: string;
}

/** Both boxes, ready to take texts; whether they come through shows at the sink. Throws Unmeasurable without Kannel. */
export async function startKannel(sinkUrl: string): Promise<Kannel> {
  const name = await versionOf(programs[0]);
  const folder = await scratchFolder();
  const [admin, smsbox, receive, front] = await freePorts(4);
  const file = join(folder, 'kannel.conf');
  await writeFile(
    file,
    configuration({ folder, sinkUrl, admin: admin!, smsbox: smsbox!, receive: receive!, front: front! }),
  );
  const boxes: ChildProcess[] = [];
  for (const program of programs) {
    boxes.push(spawn(program, ['--verbosity', '4', file], { stdio: 'ignore', cwd: folder }));
    await untilListening(program === programs[0] ? smsbox! : front!);
  }
  return endAtEnd({
    name,
    host,
    port: front!,
    usage: async () => usageOf(boxes),
    usageAfterCollection: async () => usageOf(boxes),
    end: () => endBoxes(boxes),
  });
}

interface Setup {
  folder: string;
  sinkUrl: string;
  admin: number;
  smsbox: number;
  receive: number;
  front: number;
}

function configuration({ folder, sinkUrl, admin, smsbox, receive, front }: Setup): string {
  return `group = core
admin-port = ${admin}
admin-password = bench
admin-deny-ip = "*.*.*.*"
admin-allow-ip = ${host}
smsbox-port = ${smsbox}
box-deny-ip = "*.*.*.*"
box-allow-ip = ${host}
log-file = "${folder}/bearerbox.log"
log-level = 4
store-type = file
store-location = "${folder}/kannel.store"

group = smsc
smsc = http
smsc-id = sink
system-type = kannel
send-url = "${sinkUrl}/cgi-bin/sendsms"
smsc-username = u
smsc-password = p
port = ${receive}
max-pending-submits = 32

group = smsbox
bearerbox-host = ${host}
sendsms-port = ${front}
sendsms-interface = ${host}
global-sender = 12345
log-file = "${folder}/smsbox.log"
log-level = 4

group = sendsms-user
username = ${kannelUser.username}
password = "${kannelUser.password}"
max-messages = 1
`;
}

async function versionOf(program: string): Promise<string> {
  const child = spawn(program, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (told += String(chunk)));
  const ended = await Promise.race([once(child, 'close'), once(child, 'error')]);
  if (ended[0] instanceof Error) throw new Unmeasurable('kannel is not installed');
  return `kannel ${/version `?([\d.]+\d)/.exec(told)?.[1] ?? 'of unknown version'}`;
}

const startsWithinSeconds = 10;

/** Resolves when some program listens at this port of the loopback. */
export async function untilListening(port: number): Promise<void> {
  for (let left = startsWithinSeconds * 20; left > 0; left--) {
    if (await isListening(port)) return;
    await pause(50);
  }
  throw new Error(`kannel did not listen within ${startsWithinSeconds} s`);
}

// By the system's table: a connection that only looks would be taken for a box.
// proc(5) /proc/net/tcp: local address, remote address, state; 0A is LISTEN.
async function isListening(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const isOpen = new RegExp(`^ *\\d+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A `, 'm');
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((table) => isOpen.test(readFileSync(table, 'latin1')));
}

// proc(5) /proc/pid/stat: after the name in brackets, fields 14 and 15 (utime, stime) in ticks of 10 ms, 24 (rss) in pages.
function usageOf(boxes: readonly ChildProcess[]): Usage {
  const usage = { cpuMilliseconds: 0, rssOctets: 0, heapOctets: 0 };
  for (const { pid } of boxes) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    usage.cpuMilliseconds += (Number(fields[11]) + Number(fields[12])) * 10;
    usage.rssOctets += Number(fields[21]) * 4096;
  }
  return usage;
}

const patienceMilliseconds = 3000;

/** The box in front first. A box that does not go when it is asked is killed. */
async function endBoxes(boxes: readonly ChildProcess[]): Promise<void> {
  for (const box of [...boxes].reverse()) {
    if (box.exitCode !== null || box.signalCode !== null) continue;
    const gone = once(box, 'exit');
    box.kill('SIGTERM');
    const patience = setTimeout(() => box.kill('SIGKILL'), patienceMilliseconds);
    await gone;
    clearTimeout(patience);
  }
}
