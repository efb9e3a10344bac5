// Debian's postfix with a configuration and a queue of its own: it takes mail for anybody, keeps it in its queue as it always
// does, fsync included, and its `discard` transport drops it.
//
// What is chosen in its favour: no log lines but warnings are awaited, names are not looked up, nobody is counted or slowed
// down, and delivery costs nothing. It needs root, as postfix does.

import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-ports.js';
export interface PostfixOptions {
  /** Where configuration and queue lie; whoever gives it removes it. */
  folder: string;
  /** More lines for main.cf. */
  main?: string;
}

export interface Postfix {
  /** Name and version. */
  readonly name: string;
  readonly port: number;
  /** Resolves when all that it took is delivered: until then it takes processor time from what is measured next. */
  untilIdle(): Promise<void>;
  end(): void;
}

const program = '/usr/sbin/postfix';

/** `undefined` where it is not installed, or may not run. */
export async function startPostfix({ folder, main = '' }: PostfixOptions): Promise<Postfix | undefined> {
  const version = spawnSync('/usr/sbin/postconf', ['-dh', 'mail_version'], { encoding: 'utf8' });
  if (version.error || process.getuid?.() !== 0) return undefined;
  const port = await freePort();
  const conf = join(folder, 'conf');
  for (const each of ['conf', 'queue', 'data']) await mkdir(join(folder, each));
  // Its processes run as another user.
  for (const each of [join(folder, '..'), folder, conf]) await chmod(each, 0o755);
  spawnSync('chown', ['postfix', join(folder, 'data')]);
  await writeFile(join(conf, 'main.cf'), `${mainConfiguration(folder)}${main}`);
  await writeFile(join(conf, 'master.cf'), masterConfiguration(port));
  if (spawnSync(program, ['-c', conf, 'start'], { stdio: 'ignore' }).status !== 0) return undefined;
  const end = (): void => void spawnSync(program, ['-c', conf, 'stop'], { stdio: 'ignore' });
  try {
    await untilListening(port);
  } catch (error) {
    end();
    throw error;
  }
  return { name: `postfix ${version.stdout.trim()}`, port, untilIdle: () => untilEmpty(join(folder, 'queue')), end };
}

function mainConfiguration(folder: string): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
default_transport = discard:
relay_transport = discard:
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
in_flow_delay = 0
maillog_file = /dev/stdout
`;
}

function masterConfiguration(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}

async function untilEmpty(queue: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const waiting = await Promise.all(['incoming', 'active'].map((each) => readdir(join(queue, each))));
    if (waiting.flat().length === 0) return;
    await pause(100);
  }
  throw new Error('postfix does not deliver what it took');
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
    });
    if (isOpen) return;
    await pause(100);
  }
  throw new Error('postfix does not answer');
}
