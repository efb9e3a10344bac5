// The log: JSON lines on stderr, or lines to read where a person sits in front of it.

import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config.js';

export function openLog(level: LogLevel): Logger {
  return process.stderr.isTTY ? logTo(readableLines(process.stderr), level) : logTo(pino.destination(2), level);
}

export function logTo(destination: DestinationStream, level: LogLevel): Logger {
  return pino({ level, base: null, serializers: { err: describeError } }, destination);
}

interface ErrorDescription {
  type: string;
  code?: unknown;
  message: string;
  stack?: string | undefined;
  cause?: ErrorDescription;
}

/** An error without values: a query builder's message holds the parameters, and so texts and numbers. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown without an error' };
  const holdsValues = 'params' in error;
  const { code, cause, name } = error as Error & { code?: unknown };
  return {
    type: name,
    ...(code === undefined ? {} : { code }),
    message: holdsValues ? 'a query failed' : error.message,
    // The stack repeats the message at its top.
    stack: holdsValues ? undefined : error.stack,
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}

/** 2026-11-22T20:28:15.000Z warn what happened {"detail":1} */
export function readableLines(out: { write(line: string): unknown }): DestinationStream {
  return {
    write(json) {
      const { level, time, msg, ...rest } = JSON.parse(json) as { level: number; time: number; msg?: string };
      const details = Object.keys(rest).length > 0 ? JSON.stringify(rest) : '';
      const label = pino.levels.labels[level] ?? String(level);
      out.write([new Date(time).toISOString(), label, msg, details].filter(Boolean).join(' ') + '\n');
    },
  };
}
