// The server as people start it, on a data folder of its own, and its administrator.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessUnderTest, startProcess } from './process-under-test.js';
import { scratchFolder } from './scratch-folder.js';

export class EasmsUnderTest {
  readonly dataDir: string;
  #process: ProcessUnderTest;

  private constructor(dataDir: string, running: ProcessUnderTest) {
    this.dataDir = dataDir;
    this.#process = running;
  }

  /** A fresh server that refuses no repeated request. */
  static async start(): Promise<EasmsUnderTest> {
    const dataDir = await scratchFolder();
    const easms = new EasmsUnderTest(dataDir, await startEasms(dataDir));
    await easms.administer('PATCH', '/settings', { device: { loopLimitPerMinute: 0 } });
    return easms;
  }

  get process(): ProcessUnderTest {
    return this.#process;
  }

  get url(): string {
    return `http://${this.process.host}:${this.process.port}`;
  }

  /** A new process on the same data: what setting up left in memory is gone. */
  async restart(): Promise<void> {
    await this.#process.end();
    this.#process = await startEasms(this.dataDir);
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

function startEasms(dataDir: string): Promise<ProcessUnderTest> {
  return startProcess('../src/main.js', ['--data-dir', dataDir, '--http-port', '0', '--smtp-port', '0']);
}
