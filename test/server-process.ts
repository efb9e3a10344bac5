// The server as a process of its own, as somebody starts it, to be killed and started again on the same data.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

export const adminToken = 'the token of the crash test';

export class ServerProcess {
  readonly url: string;
  /** Of the port for `/sms/` alone. */
  readonly smsUrl: string | undefined;
  /** Of the port for mail. */
  readonly smtpPort: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | string>;

  constructor({ http, sms, smtp }: Ready, child: ChildProcess, ended: Promise<number | string>) {
    this.url = http;
    this.smsUrl = sms;
    this.smtpPort = Number(new URL(`smtp://${smtp}`).port);
    this.#child = child;
    this.#ended = ended;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** At once, in the midst of whatever it does. Resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** The exit status. */
  async stop(): Promise<number | string> {
    this.#child.kill('SIGTERM');
    return this.#ended;
  }

  async api<T>(method: 'GET' | 'PUT' | 'PATCH', path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Every item of a list, page by page. */
  async list<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    const url = (cursor: string) => `${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor}`;
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { items: T[]; next: string | null } = await this.api('GET', url(cursor));
      found.push(...page.items);
      cursor = page.next === null ? undefined : `&cursor=${encodeURIComponent(page.next)}`;
    }
    return found;
  }
}

export interface StoredMessage {
  id: string;
  state: string;
  text: string;
  parts: number;
  /** Nobody where an SMS account sent it by its own name. */
  from: string | null;
  attempts: { outcome: string | null }[];
}

/** Everything that was ever accepted. */
export function stored(server: ServerProcess): Promise<StoredMessage[]> {
  return server.list('/messages');
}

/** When every message has come to an end. */
export async function settled(server: ServerProcess): Promise<StoredMessage[]> {
  for (;;) {
    const messages = await stored(server);
    if (messages.every(({ state }) => !['queued', 'offered', 'sending'].includes(state))) return messages;
  }
}

export interface Sender {
  user: string;
  pass: string;
}

interface Ready {
  http: string;
  smtp?: string;
  sms?: string;
}

/** What `/sms/` answered, or nothing where the server died over it. */
export async function submit({ url }: { url: string }, sender: Sender, text: string): Promise<string | undefined> {
  const body = new URLSearchParams({ ...sender, number: '+447700900123', data: text });
  try {
    const response = await fetch(`${url}/sms/`, { method: 'POST', body });
    return await response.text();
  } catch {
    return undefined;
  }
}

/** The two ports in turns, for many who submit at once. */
export function frontOf({ url, smsUrl }: ServerProcess, submitter: number): { url: string } {
  return { url: submitter % 2 === 0 ? url : (smsUrl ?? url) };
}

/** Resolves when it is ready; rejects with what it said where it ends before. `port` is that of an earlier life. */
export async function startProcess(
  dataDir: string,
  { port = 0, hasSmsPort = false, environment = {} } = {},
): Promise<ServerProcess> {
  const flags = [
    '--data-dir',
    dataDir,
    '--http-port',
    String(port),
    '--smtp-port',
    '0',
    ...(hasSmsPort ? ['--sms-port', '0'] : []),
  ];
  const child = spawn(process.execPath, [main, ...flags], {
    env: { PATH: process.env['PATH'], EASMS_ADMIN_TOKEN: adminToken, EASMS_LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const ready = once(child.stdout.setEncoding('utf8'), 'data').then(([line]) => String(line));
  const first = await Promise.race([ready, ended]);
  if (typeof first !== 'string' || !first.startsWith('{')) throw new Error(`the server ended (${first}): ${told}`);
  return new ServerProcess(JSON.parse(first) as Ready, child, ended);
}
