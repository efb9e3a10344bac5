// A GSM modem as a bearer: one text at a time on its line, and the next ones ready. What the modem does by itself (start, recovery,
// reading) stands in src/modem; here it meets the queue and the store. The options stand in modem/setup.ts.

import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { systemClock } from '../../modem/clock.js';
import { ussdCode } from '../../modem/commands/cusd.js';
import { listSerialDevices } from '../../modem/device-name.js';
import { ModemError } from '../../modem/errors.js';
import type { ModemMemory } from '../../modem/memory.js';
import { Modem, type ModemHost } from '../../modem/modem.js';
import { openPort } from '../../modem/port.js';
import type { Surroundings } from '../../modem/session.js';
import type { NationalLanguage } from '../../sms/national/languages.js';
import type { UserData } from '../../sms/tpdu/user-data.js';
import type { Store } from '../../store/open.js';
import { changeModem, concatenationReferences, getModem, nextConcatenation } from '../../store/modems.js';
import type { Gateway, Message } from '../../store/tables.js';
import type { Accepted, Bearer, Handover, UssdAnswer } from '../bearer.js';
import { LineError, type LineErrorCode, SubmitError } from '../errors.js';
import type { GatewayServices } from '../services.js';
import { Begun } from './modem/begun.js';
import { mayHaveUnsent, takeLateReference } from './modem/late.js';
import { partPauses, sendParts, type Sending, type SendingLine } from './modem/send.js';
import { readModemSetup } from './modem/setup.js';
import { takePdu } from './modem/take.js';
import { partsOf } from './modem/tpdus.js';

export type ModemServices = Pick<GatewayServices, 'store' | 'now' | 'newId' | 'log'>;

export interface ModemOpening extends Pick<Gateway, 'id' | 'options' | 'password'> {
  /** Of tests. */
  surroundings?: Surroundings;
  pauses?: readonly number[];
}

/** Throws OptionError. */
export function openGsmModem(services: ModemServices, opening: ModemOpening): Bearer {
  const { id, options, password, pauses = partPauses } = opening;
  const { modem: setup, asksForReports, nationalLanguages } = readModemSetup(options, password);
  const { openPort: open, listDevices, clock } = opening.surroundings ?? system;
  const modem = new Modem(setup, hostOf(services, id, { openPort: open, listDevices, clock }));
  const line: SendingLine = {
    id,
    pauses,
    now: services.now,
    send: (tpdu) => modem.send(tpdu),
    reportWanted: () => asksForReports && modem.givesReports,
  };
  const publish = (obstacle: ModemError | undefined): void =>
    services.store.changes.publish({ topic: 'line', gateway: id, obstacle: obstacle?.message });
  publish(modem.obstacle);
  modem.start();
  const begun = new Begun();
  let turn: Promise<unknown> = Promise.resolve();

  async function submit({ message, beginSending, signal }: Handover): Promise<Accepted> {
    const parts = await write(services.store, { id, message, nationalLanguages, now: services.now() });
    if (modem.obstacle)
      throw new SubmitError('MODEM_NOT_READY', id, modem.obstacle, { detail: modem.obstacle.message });
    await begun.enter();
    try {
      throwIfNotReady(signal);
      return (await beginSending()) ? await inTurn({ message, parts, signal }) : { outcome: 'left' };
    } finally {
      begun.leave();
    }
  }

  function inTurn(sending: Sending): Promise<Accepted> {
    const sent = turn.then(() => {
      // It waited while another one was sent: nothing of it has left.
      throwIfNotReady(sending.signal);
      return begun.timed(sendParts(line, sending));
    });
    turn = sent.catch(() => undefined);
    return sent;
  }

  function throwIfNotReady(signal: AbortSignal): void {
    const { obstacle } = modem;
    if (!signal.aborted && !obstacle) return;
    throw new SubmitError('MODEM_NOT_READY', id, obstacle, { detail: obstacle?.message });
  }

  return {
    ...{ id, concurrency: Begun.most, submit },
    ...{ dialUssd: (code) => dial(modem, code), examine: () => modem.examine(), close: () => modem.close() },
  };
}

const system: Surroundings = { openPort, listDevices: listSerialDevices, clock: systemClock };

function hostOf(services: ModemServices, id: string, surroundings: Surroundings): ModemHost {
  const { store, log } = services;
  const about = { gateway: id };
  return {
    ...surroundings,
    log: modemLog(log, id),
    memory: { read: () => remember(store, id), write: (change) => keep(store, id, change) },
    take: (received) => takePdu(services, id, received),
    onObstacle: (obstacle) => store.changes.publish({ topic: 'line', gateway: id, obstacle: obstacle?.message }),
    onLateReference: (reference) =>
      void takeLateReference(services, id, reference)
        .then((isTaken) => log.info({ ...about, isTaken }, 'the modem said late that it sent a text'))
        .catch((err: unknown) => log.error({ ...about, err }, 'a late word of the modem could not be stored')),
    mayHaveUnsent: () => mayHaveUnsent(services, id),
  };
}

function modemLog(log: Logger, gateway: string): ModemHost['log'] {
  return {
    isTracing: () => log.isLevelEnabled('trace'),
    trace: (line) => log.trace({ gateway }, line),
    warn: (about, sentence) => log.warn({ gateway, ...about }, sentence),
    info: (about, sentence) => log.info({ gateway, ...about }, sentence),
  };
}

async function remember(store: Store, id: string): Promise<ModemMemory> {
  const row = await store.read((session) => getModem(session, id));
  if (!row) return {};
  const { imei, imsi, device, triedPin, pinFailed } = row;
  return {
    imei: imei ?? undefined,
    imsi: imsi ?? undefined,
    device: device ?? undefined,
    triedPin: triedPin ?? undefined,
    pinFailed,
  };
}

async function keep(store: Store, id: string, change: ModemMemory): Promise<void> {
  const row = Object.fromEntries(
    Object.entries(change).map(([name, value]) => [name, value ?? (name === 'pinFailed' ? false : null)]),
  );
  await store.transact((tx) => changeModem(tx, id, row));
}

interface Writing {
  id: string;
  message: Message;
  nationalLanguages: readonly NationalLanguage[];
  now: number;
}

/** Throws SubmitError. */
async function write(store: Store, { id, message, nationalLanguages, now }: Writing): Promise<UserData[]> {
  const { recipient } = message;
  try {
    const parts = partsOf(message, { reference: 0, nationalLanguages });
    if (parts.length === 1) return parts;
  } catch (error) {
    throw new SubmitError('MODEM_UNWRITABLE', id, error);
  }
  const naming = { gateway: id, recipient, first: randomInt(concatenationReferences), now };
  const reference = await store.transact((tx) => nextConcatenation(tx, naming));
  return partsOf(message, { ...reference, nationalLanguages });
}

const ussdErrors: Partial<Record<string, LineErrorCode>> = {
  USSD_REFUSED: 'USSD_REFUSED',
  USSD_NO_ANSWER: 'USSD_NO_ANSWER',
  AT_ERROR: 'USSD_REFUSED',
  CME_ERROR: 'USSD_REFUSED',
};

/** Throws LineError. */
async function dial(modem: Modem, code: string): Promise<UssdAnswer> {
  if (!ussdCode.test(code)) throw new LineError('USSD_BAD_CODE');
  try {
    return await modem.dial(code);
  } catch (error) {
    if (!(error instanceof ModemError)) throw error;
    throw new LineError(ussdErrors[error.code] ?? 'USSD_NOT_READY', error);
  }
}
