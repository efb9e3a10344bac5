// The networks whose word is taken for who sends: `authenticated=1`.

import type { FastifyRequest } from 'fastify';
import { BlockList, isIP } from 'node:net';

export interface TrustedNetworks {
  has(address: string): boolean;
}

/** Addresses and networks such as `192.168.7.0/24`, `10.0.0.7`, `fd00::/8`. Throws RangeError for what is neither. */
export function openTrustedNetworks(written: readonly string[]): TrustedNetworks {
  const networks = new BlockList();
  for (const each of written) add(networks, each.trim());
  return { has: (address) => isIn(networks, withoutZone(address)) };
}

function isIn(networks: BlockList, address: string): boolean {
  return isIP(address) > 0 && networks.check(address, familyOf(address));
}

// Of a link-local address: `fe80::1%eth0`.
function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}

const network = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i;

function add(networks: BlockList, written: string): void {
  const [, address = '', bits] = network.exec(written) ?? [];
  const most = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || Number(bits ?? 0) > most)
    throw new RangeError('must be a list of addresses and networks such as 192.168.7.0/24');
  if (bits === undefined) networks.addAddress(address, familyOf(address));
  else networks.addSubnet(address, Number(bits), familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

// A proxy speaks for anybody: where one has added these, its own address says nothing of who asks.
const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

export function isForwarded({ headers }: FastifyRequest): boolean {
  return forwarded.some((name) => headers[name] !== undefined);
}
