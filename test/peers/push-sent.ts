// Each push message on both of its ways out of a whole server: through the emulated modem, and to an HTTP sink.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { ModemSim, type ModemSimOptions } from '../../src/modem-sim/modem-sim.js';
import { startServer } from '../../src/server.js';
import { addressOf } from '../../src/sms/tpdu/address.js';
import { encodeSubmit } from '../../src/sms/tpdu/submit.js';
import { concatenationOf, readUserDataHeader } from '../../src/sms/user-data-header.js';
import { device, number, rows } from './push-rows.js';

export const ways = ['modem', 'http'] as const;
export type Way = (typeof ways)[number];

export interface Sent {
  /** As they left; of HTTP the SUBMITs that a provider makes of header and octets. */
  tpdus: Uint8Array[];
  /** Joined: the WSP PDU. */
  pdu: Buffer;
}

interface Part {
  tpdu: Uint8Array;
  data: Uint8Array;
  total: number;
}

interface Exit {
  gateway: object;
  /** Of one message, as far as they are there. */
  parts: Part[];
  end(): Promise<void>;
}

async function modemExit(options: ModemSimOptions = {}): Promise<Exit> {
  const parts: Part[] = [];
  const sim = new ModemSim({
    ...options,
    onEvent: ({ event }) => {
      if (event !== 'sent') return;
      const { tpdu, submit } = sim.sent.at(-1)!;
      parts.push({ tpdu, data: submit.data!, total: concatenationOf(submit.header)?.total ?? 1 });
    },
  });
  const { host, port } = await sim.listen();
  return { gateway: { type: 'gsm-modem', device: `tcp:${host}:${port}` }, parts, end: () => sim.close() };
}

async function httpExit(): Promise<Exit> {
  const parts: Part[] = [];
  const sink = createServer((request, response) => {
    const { searchParams: query } = new URL(request.url!, 'http://sink');
    const udh = Buffer.from(query.get('udh')!, 'hex');
    if (udh[0] !== udh.length - 1) throw new Error('the header does not begin with its length');
    const data = Buffer.from(query.get('data')!, 'hex');
    const header = readUserDataHeader(udh.subarray(1))!;
    const dataCodingScheme = Number(query.get('dcs'));
    const tpdu = encodeSubmit({ destination: addressOf(number), dataCodingScheme, header, text: '', data });
    parts.push({ tpdu, data, total: Number(query.get('parts')) });
    response.end('ok');
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const query = 'to=%number%&udh=%udh;len;hex%&data=%data;hex%&parts=%parts%&dcs=%dcs%';
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/?${query}`;
  const end = async (): Promise<void> => void sink.close();
  return { gateway: { type: 'http', url, method: 'GET', concurrency: 1 }, parts, end };
}

/** What left on each way of each row, in the order of the rows. */
export async function sendAll(): Promise<Record<Way, Sent[]>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'easms-push-'));
  const log = pino({ level: 'silent' });
  const server = await startServer({ dataDir, host: '127.0.0.1', port: 0, adminToken: 'token', log });
  const exits = { modem: await modemExit(), http: await httpExit() };
  const ask: Ask = async (method, path, body) => {
    const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
    const answer = await fetch(`${server.http}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  try {
    return { modem: await sendThrough(ask, 'modem', exits.modem), http: await sendThrough(ask, 'http', exits.http) };
  } finally {
    await server.close();
    await Promise.all([exits.modem.end(), exits.http.end()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Ask = (method: string, path: string, body: object) => Promise<void>;

async function sendThrough(ask: Ask, way: Way, { gateway, parts }: Exit): Promise<Sent[]> {
  await ask('PUT', `/gateways/${way}`, gateway);
  await ask('PUT', '/push/devices/new', { ...device, gateway: way });
  const old = { ...device, protocol: 'syncml-1.1', serverId: 'http://sync.example.com/' };
  await ask('PUT', '/push/devices/old', { ...old, gateway: way });
  const all: Sent[] = [];
  for (const { path, body } of rows) {
    parts.length = 0;
    await ask('POST', `/push/${path}`, path === 'configure' ? { ...body, gateway: way } : body);
    while (parts.length === 0 || parts.length < parts[0]!.total) await pause(5);
    all.push({ tpdus: parts.map(({ tpdu }) => tpdu), pdu: Buffer.concat(parts.map(({ data }) => data)) });
  }
  return all;
}
