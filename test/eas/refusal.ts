// The requests of fixtures/eas-refused, and the device that sends them: it has done Provision and a Sync of its Inbox.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { deleteDevice } from '../../src/accounts/devices.js';
import { type Bench, syncOf, TalkingDevice } from './talking-device.js';

export const refusedFolder = new URL('../../../fixtures/eas-refused/', import.meta.url);

export interface Refused {
  command?: string;
  /** In place of the ordinary one. */
  query?: string;
  /** Over the ordinary ones; null leaves one out. */
  headers?: Record<string, string | null>;
  http?: number;
  /** Every Status of the answer, in its order. */
  statuses?: string[];
}

export const refusedNames = readdirSync(refusedFolder).flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []);

export function readRefused(name: string): Refused {
  return JSON.parse(readFileSync(new URL(`${name}.json`, refusedFolder), 'utf8')) as Refused;
}

export async function prepared(bench: Bench, deviceId: string): Promise<TalkingDevice> {
  const device = new TalkingDevice(bench, deviceId);
  await device.provision();
  await device.post('Sync', syncOf({ syncKey: '0', id: '1' }));
  return device;
}

/** There are more requests here than a user may have devices. */
export async function forget({ store, user }: Bench, { deviceId }: TalkingDevice): Promise<void> {
  await deleteDevice(store, { address: user.address, deviceId });
}

export function bodyOf(name: string): Buffer | undefined {
  const octets = new URL(`${name}.wbxml`, refusedFolder);
  if (existsSync(octets)) return readFileSync(octets);
  const hex = new URL(`${name}.hex`, refusedFolder);
  return existsSync(hex) ? Buffer.from(readFileSync(hex, 'utf8').replaceAll(/\s/g, ''), 'hex') : undefined;
}

interface Refusing {
  bench: Bench;
  device: TalkingDevice;
}

/** The octets of the answer, none where it has no body. */
export async function postRefused(
  { bench, device: { deviceId, policyKey } }: Refusing,
  { command, query, headers }: Refused,
  payload: Buffer | undefined,
): Promise<{ http: number; octets: Buffer }> {
  const ordinary = `?Cmd=${command}&User=ann%40example.com&DeviceId=${deviceId}&DeviceType=Phone`;
  const sent: Record<string, string | null> = {
    authorization: `Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`,
    'ms-asprotocolversion': '14.1',
    'x-ms-policykey': policyKey,
    ...(payload ? { 'content-type': 'application/vnd.ms-sync.wbxml' } : {}),
    ...headers,
  };
  const response = await bench.app.inject({
    method: 'POST',
    url: `/Microsoft-Server-ActiveSync${query === undefined ? ordinary : query && `?${query}`}`,
    headers: Object.fromEntries(
      Object.entries(sent).filter((header): header is [string, string] => header[1] !== null),
    ),
    ...(payload ? { payload } : {}),
  });
  return { http: response.statusCode, octets: response.rawPayload };
}
