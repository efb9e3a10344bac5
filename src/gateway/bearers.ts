// The kinds of gateways and what opens the bearer of each.

import { join } from 'node:path';
import type { GatewayType } from '../store/states.js';
import type { Gateway } from '../store/tables.js';
import type { Bearer } from './bearer.js';
import { openActivesync } from './bearers/activesync.js';
import { openHttp, rehearse } from './bearers/http.js';
import type { SentMessage } from './bearers/http/message-values.js';
import type { HttpRequest } from './bearers/http/request.js';
import { readSetup } from './bearers/http/setup.js';
import { findBadLoopbackOption, openLoopback } from './bearers/loopback.js';
import { openGsmModem } from './bearers/modem.js';
import { readModemSetup } from './bearers/modem/setup.js';
import { OptionError } from './errors.js';
import type { GatewayServices } from './services.js';

interface Kind {
  /** @throws OptionError */
  check(options: Record<string, unknown>): void;
  /** `userId` is the owner of the phone, for gateways that name one. */
  open(services: BearerServices, row: Gateway, userId: number | undefined): Bearer | undefined;
  /** Only where what is sent can be shown. @throws OptionError, MessageError BAD_PARAMETER */
  rehearse?(services: BearerServices, row: Gateway, message: SentMessage): Promise<HttpRequest[]>;
}

type BearerServices = Pick<GatewayServices, 'store' | 'now' | 'newId' | 'log' | 'dataDir'>;

const kinds: Record<GatewayType, Kind> = {
  activesync: {
    check: ({ user, ...others }) => refuse(typeof user === 'string' ? Object.keys(others)[0] : 'user'),
    open: (services, { id }, userId) => (userId === undefined ? undefined : openActivesync(services, { id, userId })),
  },
  'gsm-modem': {
    check: (options) => void readModemSetup(options),
    open: (services, row) => openGsmModem(services, row),
  },
  http: {
    check: readSetup,
    open: (services, { id, options }) => openHttp(services, { id, options }),
    rehearse: ({ store }, { options }, message) => rehearse(store, options, { ...message, userId: null }),
  },
  loopback: {
    check: (options) => refuse(findBadLoopbackOption(options)),
    open: ({ dataDir }, { id, options }) => openLoopback(id, options, dataDir && join(dataDir, `loopback-${id}.jsonl`)),
  },
};

function refuse(option: string | undefined): void {
  if (option !== undefined) throw new OptionError(option);
}

/** @throws OptionError for what keeps a gateway from being saved */
export function checkOptions({ type, options }: Pick<Gateway, 'type' | 'options'>): void {
  kinds[type].check(options);
}

/** None where the row cannot be served as it is. */
export function openBearer(services: BearerServices, row: Gateway, userId: number | undefined): Bearer | undefined {
  try {
    checkOptions(row);
  } catch (error) {
    if (error instanceof OptionError) return undefined;
    throw error;
  }
  return kinds[row.type].open(services, row, userId);
}

/** The requests that would carry a text, and are not sent; undefined where a gateway of this type makes none. */
export async function rehearseText(
  services: BearerServices,
  row: Gateway,
  message: SentMessage,
): Promise<HttpRequest[] | undefined> {
  return kinds[row.type].rehearse?.(services, row, message);
}
