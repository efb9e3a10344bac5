// The sink in its process, and what reached it.

import { setTimeout as pause } from 'node:timers/promises';
import { type ProcessUnderTest, startProcess } from './process-under-test.js';
import type { Count } from './sink.js';

export class SinkUnderLoad {
  readonly url: string;
  readonly #process: ProcessUnderTest;

  private constructor(started: ProcessUnderTest) {
    this.#process = started;
    this.url = `http://${started.host}:${started.port}`;
  }

  static async start(): Promise<SinkUnderLoad> {
    return new SinkUnderLoad(await startProcess('./sink.js', []));
  }

  async reset(): Promise<void> {
    await this.#ask('reset');
  }

  count(): Promise<Count> {
    return this.#ask('count');
  }

  /** Resolves when so many came and nothing follows any more; throws where they do not come in time. */
  async drained(texts: number, atMostSeconds: number): Promise<Count> {
    const deadline = Date.now() + atMostSeconds * 1000;
    for (let before = -1; Date.now() < deadline;) {
      const now = await this.count();
      if (now.texts >= texts && now.texts === before) return now;
      before = now.texts;
      await pause(stillMilliseconds);
    }
    const { texts: came } = await this.count();
    throw new Error(`of ${texts} accepted texts ${came} reached the sink within ${atMostSeconds} s`);
  }

  async end(): Promise<void> {
    await this.#process.end();
  }

  async #ask(question: 'count' | 'reset'): Promise<Count> {
    return (await (await fetch(`${this.url}/${question}`)).json()) as Count;
  }
}

const stillMilliseconds = 250;
