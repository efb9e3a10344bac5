// What an HTTP status other than 200 means to a phone.
// MS-ASHTTP 2.2.2.1.1 Status Line

import type { IncomingMessage } from 'node:http';
import { PhoneError } from './errors.js';
import type { PhoneErrorCode } from './errors.js';
import { limits } from './limits.js';

const codes: Readonly<Record<number, PhoneErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'BLOCKED',
  429: 'RETRY_LATER',
  449: 'PROVISION_NEEDED',
  503: 'RETRY_LATER',
};

export function httpRefusal(command: string, { statusCode = 0, headers }: IncomingMessage, now: number): PhoneError {
  const retryAfterMs = readRetryAfter(headers['retry-after'], now);
  return new PhoneError(codes[statusCode] ?? 'REFUSED', { command, httpStatus: statusCode, retryAfterMs });
}

// Seconds, or the time of day to come back at.
// RFC 9110 10.2.3 Retry-After
function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, 0), limits.retryAfterMs);
}
