// Where a modem is connected, as an administrator writes it: `/dev/ttyUSB0`, `/dev/serial/by-id/…`, `COM3`, `tcp:host:port`.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const tcp = /^tcp:(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/;
const serial = /^(?:\/dev\/[A-Za-z0-9._:/+-]{1,240}|\\\\\.\\COM\d{1,3}|COM\d{1,3})$/;

export function readTcpAddress(device: string): { host: string; port: number } | undefined {
  const [, ipv6, host, port] = tcp.exec(device) ?? [];
  const address = { host: (ipv6 ?? host)!, port: Number(port) };
  return port !== undefined && address.port >= 1 && address.port <= 65_535 ? address : undefined;
}

/** Not whether it is there: a modem may be plugged in later. */
export function isDeviceName(device: string): boolean {
  if (device.startsWith('tcp:')) return readTcpAddress(device) !== undefined;
  return serial.test(device) && !device.split('/').includes('..');
}

/** Serial devices that may be a modem under another name. Links by identity first: they lead to the others. */
export async function listSerialDevices(): Promise<string[]> {
  const names = async (folder: string): Promise<string[]> => {
    const found = await readdir(folder).catch(() => []);
    return found.sort().map((name) => join(folder, name));
  };
  const byId = await names('/dev/serial/by-id');
  const others = (await names('/dev')).filter((path) => /\/tty(USB|ACM)\d+$/.test(path));
  return [...byId, ...others];
}
