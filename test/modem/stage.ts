// A modem of ours on a fake one, in time of its own.

import { Modem, type ModemHost, type ModemSetup } from '../../src/modem/modem.js';
import type { ModemMemory } from '../../src/modem/memory.js';
import type { ReceivedPdu } from '../../src/modem/inbox.js';
import type { FakeModem } from './fake-modem.js';
import { TestClock } from './test-clock.js';

export const tpdu = Buffer.from('01000C9144778800900100000003C8329B', 'hex');
export const received = '07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37';
export const octetsOfReceived = received.length / 2 - 8;

interface Options extends Partial<ModemSetup> {
  devices?: string[];
  take?: (pdu: ReceivedPdu) => Promise<void>;
  mayHaveUnsent?: boolean;
}

export function open(fake: FakeModem, { devices = [], take, mayHaveUnsent = false, ...setup }: Options = {}) {
  const clock = new TestClock();
  const memory: ModemMemory = {};
  const log: string[] = [];
  const taken: ReceivedPdu[] = [];
  const obstacles: (string | undefined)[] = [];
  const late: number[] = [];
  const write = (_about: object, sentence: string): void => void log.push(sentence);
  const host: ModemHost = {
    openPort: fake.openPort,
    listDevices: async () => devices,
    clock,
    log: { isTracing: () => true, trace: (line) => log.push(line), warn: write, info: write },
    memory: {
      read: async () => ({ ...memory }),
      write: async (change) => void Object.assign(memory, change),
    },
    take: take ?? (async (pdu) => void taken.push(pdu)),
    onObstacle: (obstacle) => obstacles.push(obstacle?.code),
    onLateReference: (reference) => late.push(reference),
    mayHaveUnsent: async () => mayHaveUnsent,
  };
  const modem = new Modem({ device: '/dev/ttyUSB0', sendTimeoutMilliseconds: 60_000, ...setup }, host);
  modem.start();
  return {
    modem,
    clock,
    memory,
    log,
    taken,
    obstacles,
    late,
    untilReady: () => clock.untilTrue(() => !modem.obstacle),
  };
}
