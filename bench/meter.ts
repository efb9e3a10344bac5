// Loaded into a process under test before its own program: answers over IPC what it uses. The program knows nothing of it.

import { setTimeout as pause } from 'node:timers/promises';

export interface Usage {
  /** Processor time of the whole process since its start, user and system. */
  cpuMilliseconds: number;
  rssOctets: number;
  heapOctets: number;
}

export type Question = 'usage' | 'usage after collection';

process.on('message', (question: Question) => {
  void answer(question);
});
// The bench hangs up by closing the channel; it must not keep the program alive.
process.channel?.unref();

async function answer(question: Question): Promise<void> {
  if (question === 'usage after collection') await collect();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send!({ cpuMilliseconds: (user + system) / 1000, rssOctets: rss, heapOctets: heapUsed } satisfies Usage);
}

// Several times, because finalizers of one collection free what the next one takes away.
async function collect(): Promise<void> {
  for (let each = 0; each < 4; each++) {
    globalThis.gc!();
    await pause(100);
  }
}
