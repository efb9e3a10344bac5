// Debian's SMS Server Tools as people run them: smsd with one modem, texts as files in its spool folder.
//
// What is chosen in its favour: it looks at its spool every second, the least it knows, receives nothing between two texts
// unless it is asked to, and logs what goes wrong alone. Its waits between the commands to a modem are its own and cannot be
// set.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folders = ['outgoing', 'checked', 'incoming', 'failed', 'sent', 'report'] as const;
type SpoolFolder = (typeof folders)[number];

export interface SmsToolsOptions {
  /** Of the modem. */
  readonly device: string;
  /** Where spool, log and configuration lie; whoever gives it removes it. */
  readonly folder: string;
  /** Whether it reads what arrives, and status reports. */
  readonly receives: boolean;
}

/** A file for the spool folder. */
export interface SpooledText {
  readonly name: string;
  /** Without its plus. */
  readonly to: string;
  readonly text: string;
  /** Whose national tables are used: `Turkish`. */
  readonly language?: string;
}

export interface SmsTools {
  /** Name and version. */
  readonly name: string;
  put(text: SpooledText): Promise<void>;
  /** The files of a spool folder, name and content. */
  files(folder: SpoolFolder): Promise<string[]>;
  /** What it said of itself. */
  log(): Promise<string>;
  end(): Promise<void>;
}

/** `undefined` where it is not installed. */
export function smsToolsVersion(): string | undefined {
  const { stdout, error } = spawnSync('smsd', ['-V'], { encoding: 'utf8' });
  return error ? undefined : `smstools ${/Version ([\d.]+)/i.exec(stdout)?.[1] ?? 'of unknown version'}`;
}

/** Texts that were put into the folder before are sent as well. */
export async function startSmsTools({ device, folder, receives }: SmsToolsOptions): Promise<SmsTools> {
  await prepareSpool(folder);
  await writeFile(join(folder, 'smsd.conf'), configuration({ device, folder, receives }));
  const child = spawn('smsd', ['-c', join(folder, 'smsd.conf'), '-t'], { stdio: 'ignore', cwd: folder });
  return {
    name: smsToolsVersion() ?? 'smstools',
    put: (text) => putText(folder, text, receives),
    files: async (which) => {
      if (child.exitCode !== null) throw new Error(`smsd ended with status ${child.exitCode}`);
      const names = await readdir(join(folder, which));
      return Promise.all(names.map((name) => readFile(join(folder, which, name), 'utf8')));
    },
    log: () => readFile(join(folder, 'smsd.log'), 'utf8'),
    end: () => end(child),
  };
}

/** Made before the start where texts are to lie there already. */
export async function prepareSpool(folder: string): Promise<void> {
  await Promise.all(folders.map((name) => mkdir(join(folder, name), { recursive: true })));
}

/** Renamed into its place, so that no half of it is read. */
export async function putText(
  folder: string,
  { name, to, text, language }: SpooledText,
  wantsReport = false,
): Promise<void> {
  const head = [
    `To: ${to}`,
    ...(wantsReport ? ['Report: yes'] : []),
    'Alphabet: UTF-8',
    ...(language === undefined ? [] : [`Language: ${language}`]),
  ];
  await writeFile(join(folder, `new-${name}`), `${head.join('\n')}\n\n${text}`);
  await rename(join(folder, `new-${name}`), join(folder, 'outgoing', name));
}

function configuration({ device, folder, receives }: SmsToolsOptions): string {
  const spool = folders.map((name) => `${name} = ${folder}/${name}`).join('\n');
  const receiving = 'init = AT+CNMI=2,0,0,2,0\nprimary_memory = SM\nsecondary_memory = SR\ndecode_unicode_text = yes\n';
  return `devices = GSM1
${spool}
infofile = ${folder}/smsd.working
pidfile = ${folder}/smsd.pid
logfile = ${folder}/smsd.log
loglevel = ${receives ? 7 : 3}
delaytime = 1
delaytime_mainprocess = 1
receive_before_send = no
autosplit = 3
incoming_utf8 = yes

[GSM1]
device = ${device}
baudrate = 115200
incoming = ${receives ? 'yes' : 'no'}
report = ${receives ? 'yes' : 'no'}
${receives ? receiving : ''}`;
}

const patienceMs = 10_000;

/** It ends what it sends before it goes; one that does not go is killed. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(patience);
}
