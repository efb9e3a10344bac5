// One connection to a modem, from opening its port to its end.

import { AtChannel } from './channel.js';
import type { Clock } from './clock.js';
import { readImei } from './commands/cgsn.js';
import { readTcpAddress } from './device-name.js';
import { ModemError } from './errors.js';
import type { ExchangeLog } from './exchange-log.js';
import { limits } from './limits.js';
import type { OpenPort, Port } from './port.js';
import type { Unsolicited } from './unsolicited.js';

export interface Surroundings {
  openPort: OpenPort;
  /** Where else a modem may have come back. */
  listDevices: () => Promise<string[]>;
  clock: Clock;
}

export interface Opening {
  device: string;
  baudRate: number;
  hardwareFlowControl: boolean;
  log: ExchangeLog;
  onUnsolicited: (unsolicited: Unsolicited) => void;
  /** Whether Ctrl-Z may be tried where ESC gets no answer: D33. */
  mayConfirm: boolean;
  /** Ends it, wherever it is. */
  signal: AbortSignal;
}

export interface Session {
  readonly device: string;
  readonly port: Port;
  readonly channel: AtChannel;
  /** Rejects when the line breaks, or when `fail` is called. */
  readonly ended: Promise<never>;
  fail(error: ModemError): void;
  close(): Promise<void>;
}

/** A port that is open and a modem that answers. Throws ModemError NOT_OPENED, NO_ANSWER, LINE_CLOSED. */
export async function openSession(surroundings: Surroundings, opening: Opening): Promise<Session> {
  const { clock, openPort } = surroundings;
  const { device, baudRate, hardwareFlowControl, log, onUnsolicited, mayConfirm, signal } = opening;
  let fail!: (error: ModemError) => void;
  const ended = new Promise<never>((_, reject) => (fail = reject));
  ended.catch(() => undefined);
  const made: { channel?: AtChannel } = {};
  const end = (error: ModemError): void => {
    made.channel?.end(error);
    fail(error);
  };
  const port = await openPort(
    { device, baudRate, hardwareFlowControl },
    {
      data: (chunk) => made.channel?.push(chunk),
      closed: (cause) => end(new ModemError('LINE_CLOSED', { cause })),
    },
  );
  const channel = (made.channel = new AtChannel({ port, clock, log, onUnsolicited }));
  const close = (): Promise<void> => {
    signal.removeEventListener('abort', onAbort);
    end(new ModemError('CLOSED'));
    return port.close();
  };
  const onAbort = (): void => void close();
  signal.addEventListener('abort', onAbort);
  try {
    if (signal.aborted) throw new ModemError('CLOSED');
    await channel.resync(mayConfirm);
  } catch (error) {
    await close();
    throw error;
  }
  return { device, port, channel, ended, fail: end, close };
}

/**
 * Where the modem is now: at its device, or under another name that was given to it when it came back. It is known by its IMEI.
 *
 * Throws ModemError, that of its own device.
 */
export async function openWhereverItIs(
  surroundings: Surroundings,
  opening: Opening,
  known: { imei?: string | undefined; device?: string | undefined },
): Promise<Session> {
  const { imei } = known;
  const isFixed = readTcpAddress(opening.device) !== undefined || imei === undefined;
  const first = await openSession(surroundings, opening).catch((error: unknown) => error as ModemError);
  if (!(first instanceof Error)) {
    if (isFixed || (await isThis(first, imei))) return first;
    const other = await findElsewhere(surroundings, opening, { ...known, imei });
    if (!other) return first;
    await first.close();
    return other;
  }
  const found = isFixed ? undefined : await findElsewhere(surroundings, opening, { ...known, imei });
  if (found) return found;
  throw first;
}

async function findElsewhere(
  surroundings: Surroundings,
  opening: Opening,
  { imei, device }: { imei: string; device?: string | undefined },
): Promise<Session | undefined> {
  const listed = (await surroundings.listDevices()).slice(0, limits.candidates);
  const candidates = new Set([...(device === undefined ? [] : [device]), ...listed]);
  candidates.delete(opening.device);
  for (const candidate of candidates) {
    if (opening.signal.aborted) return undefined;
    // Ports of other modems are locked, and others are no modems.
    const session = await openSession(surroundings, { ...opening, device: candidate, mayConfirm: false }).catch(
      () => undefined,
    );
    if (!session) continue;
    if (await isThis(session, imei)) return session;
    await session.close();
  }
  return undefined;
}

/** A modem that does not tell its IMEI is taken for the one that was there. */
async function isThis({ channel }: Session, imei: string): Promise<boolean> {
  try {
    await channel.execute({ text: 'ATE0' });
    return ((await readImei(channel)) ?? imei) === imei;
  } catch (error) {
    if (error instanceof ModemError) return false;
    throw error;
  }
}
