// What counts as one place in the network: an IPv4 address, or all of the 2^64 addresses that one customer has in IPv6.

import { isIPv6 } from 'node:net';

// RFC 4291 2.5.5.2 IPv4-Mapped IPv6 Address
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** `192.0.2.1` for itself, `2001:db8:1:2::/64` for `2001:db8:1:2:3::4`. What is no address is itself. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '');
  const [, inside] = mapped.exec(plain) ?? [];
  if (inside !== undefined) return inside;
  return isIPv6(plain) ? `${firstFour(plain).join(':')}::/64` : plain;
}

function firstFour(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before.slice(0, 4);
  const after = groupsOf(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4);
}

// RFC 4291 2.2 Text Representation of Addresses: the last two groups may stand as an IPv4 address.
function groupsOf(written: string): string[] {
  if (written === '') return [];
  return written.split(':').flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : group.replace(/^0+(?=.)/, '')));
}
