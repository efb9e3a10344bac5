// The server as people start it, on a data folder of its own, and its administrator.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessUnderTest, startProcess } from './process-under-test.js';
import { scratchFolder } from './scratch-folder.js';

export class EasmsUnderTest {
  readonly dataDir: string;
  readonly #flags: readonly string[];
  #process: ProcessUnderTest;

  private constructor(dataDir: string, running: ProcessUnderTest, flags: readonly string[]) {
    this.dataDir = dataDir;
    this.#process = running;
    this.#flags = flags;
  }

  /** A fresh server that refuses no repeated request. */
  static async start({
    hasSmsPort = false,
    config,
  }: { hasSmsPort?: boolean; config?: string } = {}): Promise<EasmsUnderTest> {
    const dataDir = await scratchFolder();
    const ports = ['--http-port', '0', '--smtp-port', '0', ...(hasSmsPort ? ['--sms-port', '0'] : [])];
    const flags = ['--data-dir', dataDir, ...ports, ...(config === undefined ? [] : ['--config', config])];
    const easms = new EasmsUnderTest(dataDir, await startEasms(flags), flags);
    await easms.administer('PATCH', '/settings', { device: { loopLimitPerMinute: 0 } });
    return easms;
  }

  get process(): ProcessUnderTest {
    return this.#process;
  }

  /** The process where it takes texts: at the port for `/sms/` alone, if it has one. */
  get front(): ProcessUnderTest {
    return { ...this.#process, ...this.#process.sms };
  }

  get url(): string {
    return `http://${this.process.host}:${this.process.port}`;
  }

  /** A new process on the same data: what setting up left in memory is gone. */
  async restart(): Promise<void> {
    await this.#process.end();
    this.#process = await startEasms(this.#flags);
  }

  async administer(method: 'PUT' | 'PATCH' | 'POST', path: string, body: object): Promise<void> {
    const token = (await readFile(join(this.dataDir, 'admin.token'), 'utf8')).trim();
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }

  async putUser(address: string): Promise<void> {
    await this.administer('PUT', `/users/${address}`, { password });
  }

  /** Requests that the server holds open now. */
  async held(): Promise<number> {
    const metrics = await (await fetch(`${this.url}/metrics`)).text();
    return Number(/^easms_held_requests (\d+)/m.exec(metrics)?.[1]);
  }

  async end(): Promise<void> {
    await this.#process.end();
  }
}

/** Of every user of the bench. */
export const password = 'correct horse battery staple';

function startEasms(flags: readonly string[]): Promise<ProcessUnderTest> {
  return startProcess('../src/main.js', flags);
}
