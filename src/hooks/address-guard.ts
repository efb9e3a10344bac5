// Which hosts rules may call, and which addresses those may turn out to have: a name that an administrator listed may be made
// to point into the network of this server by whoever owns it.
// RFC 6890 2.2 Information in the IPv4 and IPv6 Special-Purpose Address Registries

import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { HookError } from './errors.js';

const reserved: readonly [net: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

// All else of IPv6 is local, mapped, translated or not given out.
const global: readonly [net: string, prefix: number] = ['2000::', 3];
const reservedOfGlobal: readonly [net: string, prefix: number][] = [
  ['2001::', 23], // among them Teredo
  ['2001:db8::', 32],
  ['2002::', 16], // an IPv4 address inside
  ['3fff::', 20],
];

const privateIpv4 = listOf(reserved, 'ipv4');
const globalIpv6 = listOf([global], 'ipv6');
const reservedIpv6 = listOf(reservedOfGlobal, 'ipv6');

function listOf(nets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family);
  return list;
}

/** Whether anybody may be there but this server's own neighbours. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateIpv4.check(address, 'ipv4');
  return family === 6 && globalIpv6.check(address, 'ipv6') && !reservedIpv6.check(address, 'ipv6');
}

/**
 * Entries of `rules.allowedUrlHosts`: `api.example.com`, `*.example.com`, `*` for all names, an address or a network such as
 * `10.1.0.0/16`; each but a network also with a port, `10.1.2.3:8080`.
 */
export class AddressGuard {
  readonly #names: { name: string; port: string | undefined }[] = [];
  readonly #networks = new BlockList();

  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry.trim().toLowerCase());
  }

  /** Throws HookError FORBIDDEN_ADDRESS. */
  checkUrl(written: string): void {
    const url = URL.canParse(written) ? new URL(written) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) throw new HookError('BAD_CALL', 'the URL is none of http or https');
    const host = bareHost(url);
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    if (isIP(host) ? !this.#listsAddress(host, port) : !this.#listsName(host, port))
      throw new HookError('FORBIDDEN_ADDRESS', 'the host is not listed');
  }

  /** Public, or of a network or address that is listed itself. */
  allows(address: string): boolean {
    return isPublicAddress(address) || this.#isOfNetwork(address);
  }

  #add(entry: string): void {
    const [, net, prefix] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
    const family = net === undefined ? 0 : isIP(net);
    if (family) return this.#networks.addSubnet(net!, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    const { host, port } = splitPort(entry);
    if (isIP(host)) this.#networks.addAddress(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
    if (host === 'localhost') {
      this.#networks.addSubnet('127.0.0.0', 8, 'ipv4');
      this.#networks.addAddress('::1', 'ipv6');
    }
    this.#names.push({ name: host, port });
  }

  #listsAddress(host: string, port: string): boolean {
    const entries = this.#names.filter(({ name }) => name === host);
    if (entries.length > 0) return entries.some((entry) => entry.port === undefined || entry.port === port);
    return this.#isOfNetwork(host);
  }

  #listsName(host: string, port: string): boolean {
    return this.#names.some((entry) => fits(entry.name, host) && (entry.port === undefined || entry.port === port));
  }

  #isOfNetwork(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#networks.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }
}

function fits(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function splitPort(entry: string): { host: string; port: string | undefined } {
  if (isIP(entry)) return { host: entry, port: undefined };
  const [, host = entry, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

/** Whether it is one of the forms of an entry. */
export function isGuardEntry(written: string): boolean {
  const entry = written.trim().toLowerCase();
  const [, net, prefix] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (net !== undefined) return isIP(net) !== 0 && Number(prefix) <= (isIP(net) === 4 ? 32 : 128);
  const { host, port } = splitPort(entry);
  const isHost =
    isIP(host) !== 0 ||
    /^(?:\*|(?:\*\.)?(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*)$/.test(
      host,
    );
  return isHost && (port === undefined || Number(port) <= 65_535);
}

/** What `dns.lookup` does, given all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Looks up a name for a connection: what is found is what is connected to, so that no second answer can be another one. */
export function guardedLookup(guard: AddressGuard, resolver: Resolve = resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolver(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const forbidden = addresses.length === 0 || addresses.some(({ address }) => !guard.allows(address));
      if (forbidden) return callback(new HookError('FORBIDDEN_ADDRESS', 'the name is that of a private address'), '');
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
