// For whom a policy is: `server`, `domain:D`, `user:A`, `device:A:ID`. Each names what it changes of the one before.

import type { Device, User } from '../store/tables.js';

export const serverScope = 'server';

export function scopeOfDomain(name: string): string {
  return `domain:${name}`;
}

export function scopeOfUser({ address }: Pick<User, 'address'>): string {
  return `user:${address}`;
}

export function scopeOfDevice({ address }: Pick<User, 'address'>, { deviceId }: Pick<Device, 'deviceId'>): string {
  return `device:${address}:${deviceId}`;
}

/** The scopes that count for a device, widest first. */
export function scopesOf(user: Pick<User, 'address' | 'domain'>, device: Pick<Device, 'deviceId'>): string[] {
  return [serverScope, scopeOfDomain(user.domain), scopeOfUser(user), scopeOfDevice(user, device)];
}

export type ReadScope =
  | { kind: 'server' }
  | { kind: 'domain'; name: string }
  | { kind: 'user'; address: string }
  | { kind: 'device'; address: string; deviceId: string };

/** `undefined` where it is none. An address has no colon, a DeviceId may. */
export function readScope(written: string): ReadScope | undefined {
  if (written === serverScope) return { kind: 'server' };
  const [, kind, name, deviceId] = /^(domain|user|device):([^:]+)(?::(.+))?$/s.exec(written) ?? [];
  if (name === undefined || (kind === 'device') !== (deviceId !== undefined)) return undefined;
  if (kind === 'device') return { kind, address: name, deviceId: deviceId! };
  return kind === 'domain' ? { kind, name } : { kind: 'user', address: name };
}
