// A bearer that carries nothing anywhere and says it did, for tests and for trying things out. It takes part in everything
// that a modem or a provider takes part in: claims, attempts, retries, reports.
//
// Options of a gateway of type `loopback`, all of them optional:
//
//   answers         what to answer, one after the other; the last one is repeated. Each is `sent`, `refused`,
//                   `try-later` or `unknown`. Default: ["sent"]
//   delaySeconds    how long to think first, once the text is under way; 0 to 3600, default 0
//   concurrency     messages at a time; 1 to 100, default 20
//   journal         true: a line of JSON with the id of each text that leaves goes to loopback-<gateway>.jsonl in the data
//                   folder, at the instant a modem would have it. What it holds is known without asking the queue.

import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Accepted, Bearer, Handover } from '../bearer.js';
import { SubmitError, type SubmitErrorCode } from '../errors.js';

const codes = {
  sent: undefined,
  refused: 'LOOPBACK_REFUSED',
  'try-later': 'LOOPBACK_TRY_LATER',
  unknown: 'LOOPBACK_UNKNOWN',
} as const satisfies Record<string, SubmitErrorCode | undefined>;

type Answer = keyof typeof codes;

export interface LoopbackOptions {
  answers?: readonly Answer[];
  delaySeconds?: number;
  concurrency?: number;
  journal?: boolean;
}

const checks: Record<keyof LoopbackOptions, (value: unknown) => boolean> = {
  answers: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((answer) => Object.hasOwn(codes, answer as string)),
  delaySeconds: (value) => typeof value === 'number' && value >= 0 && value <= 3600,
  concurrency: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 100,
  journal: (value) => typeof value === 'boolean',
};

/** The name of the first option that is unknown or out of range. */
export function findBadLoopbackOption(options: Record<string, unknown>): string | undefined {
  return Object.keys(options).find(
    (name) => !Object.hasOwn(checks, name) || !checks[name as keyof LoopbackOptions](options[name]),
  );
}

/** `journalFile` is written where the options ask for it. */
export function openLoopback(id: string, options: LoopbackOptions, journalFile?: string): Bearer {
  const { answers = ['sent'], delaySeconds = 0, concurrency = 20 } = options;
  let answered = 0;
  return { id, concurrency, beginsAtOnce: true, submit, close: async () => undefined };

  async function submit({ message, beginSending, signal }: Handover): Promise<Accepted> {
    if (!(await beginSending())) return { outcome: 'left' };
    const answer = answers[Math.min(answered++, answers.length - 1)]!;
    if (delaySeconds > 0) await think(signal);
    const code = codes[answer];
    if (answer === 'sent' || answer === 'unknown') leave(message.id);
    if (code) throw new SubmitError(code, id);
    return { outcome: 'sent' };
  }

  // In one write, which a dying process does whole or not at all.
  function leave(messageId: string): void {
    if (options.journal && journalFile) appendFileSync(journalFile, `${JSON.stringify({ id: messageId })}\n`);
  }

  async function think(signal: AbortSignal): Promise<void> {
    try {
      await delay(delaySeconds * 1000, undefined, { signal });
    } catch (cause) {
      throw new SubmitError('SHUT_DOWN', id, cause);
    }
  }
}
