// The kinds of gateways and what opens the bearer of each.

import { join } from 'node:path';
import type { GatewayType } from '../store/states.js';
import type { Gateway } from '../store/tables.js';
import type { Bearer } from './bearer.js';
import { openActivesync } from './bearers/activesync.js';
import { findBadLoopbackOption, openLoopback } from './bearers/loopback.js';
import type { GatewayServices } from './services.js';

interface Kind {
  /** The name of the first option that is missing, unknown or out of range. */
  findBadOption(options: Record<string, unknown>): string | undefined;
  /** `userId` is the owner of the phone, for gateways that name one. */
  open(services: BearerServices, row: Gateway, userId: number | undefined): Bearer | undefined;
}

type BearerServices = Pick<GatewayServices, 'store' | 'now' | 'dataDir'>;

const kinds: { [Type in GatewayType]?: Kind } = {
  activesync: {
    findBadOption: ({ user, ...others }) => (typeof user === 'string' ? Object.keys(others)[0] : 'user'),
    open: (services, { id }, userId) => (userId === undefined ? undefined : openActivesync(services, { id, userId })),
  },
  loopback: {
    findBadOption: findBadLoopbackOption,
    open: ({ dataDir }, { id, options }) => openLoopback(id, options, dataDir && join(dataDir, `loopback-${id}.jsonl`)),
  },
};

/** Whether this version can carry texts through a gateway of this type. */
export function isServedType(type: GatewayType): boolean {
  return kinds[type] !== undefined;
}

/** The option that keeps a gateway from being saved. */
export function findBadOption({ type, options }: Pick<Gateway, 'type' | 'options'>): string | undefined {
  return kinds[type]?.findBadOption(options);
}

/** None where the row cannot be served as it is. */
export function openBearer(services: BearerServices, row: Gateway, userId: number | undefined): Bearer | undefined {
  return findBadOption(row) === undefined ? kinds[row.type]?.open(services, row, userId) : undefined;
}
