// One phone before one scripted server, with a clock that never waits.

import type { ExecutionContext } from 'ava';
import { EventLog } from '../../src/phone/event-log.js';
import { PhoneError } from '../../src/phone/errors.js';
import type { PhoneErrorCode } from '../../src/phone/errors.js';
import type { PhoneOptions } from '../../src/phone/options.js';
import { Phone } from '../../src/phone/phone.js';
import { FakeServer } from './fake-server.js';

export interface Stage {
  readonly server: FakeServer;
  readonly phone: Phone;
  readonly log: EventLog;
  /** The waiting times the phone asked for; none of them passes. */
  readonly slept: number[];
}

export async function stage(t: ExecutionContext, options: Partial<PhoneOptions> = {}): Promise<Stage> {
  const server = await new FakeServer().start();
  const log = new EventLog();
  const slept: number[] = [];
  let ids = 0;
  let now = Date.UTC(2026, 0, 1);
  const phone = new Phone({
    server: server.url,
    user: 'ann@example.com',
    password: 'open sesame',
    deviceId: 'PHONE1',
    number: '+447700900001',
    onEvent: log.record,
    newClientId: () => `client-${(ids += 1)}`,
    clock: {
      now: () => now,
      sleep: async (milliseconds, signal) => {
        signal.throwIfAborted();
        slept.push(milliseconds);
        now += milliseconds;
      },
    },
    ...options,
  });
  t.teardown(async () => {
    phone.vanish();
    await server.close();
  });
  return { server, phone, log, slept };
}

export function live(t: ExecutionContext, phone: Phone): Promise<void> {
  const life = phone.run();
  life.catch((error: unknown) => t.log(error));
  return life;
}

export function throwsCode(code: PhoneErrorCode): { instanceOf: typeof PhoneError; code: PhoneErrorCode } {
  return { instanceOf: PhoneError, code };
}
