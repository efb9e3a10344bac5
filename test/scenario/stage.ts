// A whole server on a fresh folder, and virtual phones before it: they meet over HTTP and nowhere else.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { connect } from '../../src/cli/api-client.js';
import type { ApiClient, Page } from '../../src/cli/api-client.js';
import { openLog } from '../../src/log.js';
import { EventLog } from '../../src/phone/event-log.js';
import type { PhoneOptions } from '../../src/phone/options.js';
import { Phone } from '../../src/phone/phone.js';
import { startServer } from '../../src/server.js';

export const anna = { address: 'anna@example.com', password: 'open sesame', number: '+447700900001' } as const;
export const bob = '+447700900123';

export interface Item {
  readonly class: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string | null;
  readonly text: string;
}

export interface Device {
  readonly state: string;
  readonly wipedAt: string | null;
  readonly enableOutboundSms: boolean;
  readonly lastOutboxSync: string | null;
}

export interface ActingPhone {
  readonly phone: Phone;
  readonly log: EventLog;
  /** Ends when the phone is stopped, or wiped. */
  readonly life: Promise<void>;
}

interface StageOptions {
  api: ApiClient;
  adminToken: string;
  clock: { skewMilliseconds: number };
}

export class Stage {
  readonly api: ApiClient;
  readonly url: string;
  readonly adminToken: string;
  readonly #t: ExecutionContext;
  readonly #clock: { skewMilliseconds: number };

  constructor(t: ExecutionContext, { api, adminToken, clock }: StageOptions) {
    this.#t = t;
    this.api = api;
    this.url = api.server;
    this.adminToken = adminToken;
    this.#clock = clock;
  }

  /** The server's clock jumps ahead. */
  later(minutes: number): void {
    this.#clock.skewMilliseconds += minutes * 60_000;
  }

  /** One of Anna's phones, switched on; resolves when it has synchronized and sleeps. */
  async phone(deviceId: string, options: Partial<PhoneOptions> = {}): Promise<ActingPhone> {
    const acting = this.comesBack(deviceId, options);
    await acting.log.until('synced', ({ collection }) => collection === 'Outbox');
    return acting;
  }

  /** The same, whatever becomes of it. */
  comesBack(deviceId: string, options: Partial<PhoneOptions> = {}): ActingPhone {
    const log = new EventLog();
    const { address: user, password, number } = anna;
    const whose = { server: this.url, user, password, number, deviceId };
    const phone = new Phone({ ...whose, onEvent: log.record, ...options });
    this.#t.teardown(() => phone.stop());
    const life = phone.run();
    life.catch((error: unknown) => this.#t.log(error));
    return { phone, log, life };
  }

  /** A web page sends for Anna; the ids of its messages. */
  async webPageSends(text: string): Promise<string> {
    const parameters = { number: bob, data: text, user: anna.address, pass: anna.password };
    const response = await fetch(`${this.url}/sms/?${new URLSearchParams(parameters).toString()}`);
    return (await response.text()).replace(/^OK /, '').trim();
  }

  async folder(name: string, whose: string = anna.address): Promise<readonly Item[]> {
    return (await this.api.get<Page<Item>>(`/users/${whose}/messages?folder=${name}`)).items;
  }

  /** The subjects of the mails in somebody's Inbox, the newest first. */
  async subjects(whose: string = anna.address): Promise<string[]> {
    return (await this.folder('inbox', whose)).flatMap(({ subject }) => subject ?? []);
  }

  /** What the API tells of one of Anna's phones. */
  device(deviceId: string): Promise<Device> {
    return this.api.get(`/devices/${anna.address}/${deviceId}`);
  }

  gateway(): Promise<{ deviceId: string | null; valid: boolean }> {
    return this.api.get(`/users/${anna.address}/gateway`);
  }

  /** Resolves when the phone is Anna's elected one. */
  async elected(deviceId: string): Promise<void> {
    await this.until(async () => (await this.gateway())?.deviceId === deviceId);
  }

  async ended(id: string, state: string): Promise<void> {
    await this.until(async () => (await this.api.get<{ state: string }>(`/messages/${id}`)).state === state);
  }

  /** How many requests of phones the server holds. */
  async held(): Promise<number> {
    const metrics = await (await fetch(`${this.url}/metrics`)).text();
    return Number(/^easms_held_requests (\d+)/m.exec(metrics)?.[1]);
  }

  /** Looks until it is so; the time-out of the test is its end. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await wait(10);
  }
}

export async function stage(t: ExecutionContext): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'easms-scenario-'));
  const clock = { skewMilliseconds: 0 };
  const now = (): number => Date.now() + clock.skewMilliseconds;
  const server = await startServer({ dataDir, host: '127.0.0.1', port: 0, log: openLog('silent'), now });
  // Torn down in the opposite order: the phones before their server.
  t.teardown(async () => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const api = connect({ server: server.http, token: server.adminToken });
  await api.put(`/users/${anna.address}`, { password: anna.password, phoneNumber: anna.number });
  return new Stage(t, { api, adminToken: server.adminToken, clock });
}
