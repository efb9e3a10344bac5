// The line to a modem: a serial port, or TCP to a modem on the network or a serial server. Nothing else of this program knows
// what a serial port is.

import { connect, type Socket } from 'node:net';
import { SerialPort } from 'serialport';
import { systemClock } from './clock.js';
import { readTcpAddress } from './device-name.js';
import { watchDevice } from './device-watch.js';
import { ModemError } from './errors.js';

export interface PortEvents {
  data(chunk: Uint8Array): void;
  /** Once, however it ended, and not after `close`. */
  closed(cause?: unknown): void;
}

export interface Port {
  /** What cannot be written ends the port. */
  write(octets: string | Uint8Array): void;
  /** Harmless when repeated. Resolves soon, also where the device does not answer. */
  close(): Promise<void>;
}

export interface PortSetup {
  /** `/dev/ttyUSB0`, `COM3`, `tcp:host:port`. */
  device: string;
  baudRate: number;
  /** RTS and CTS. */
  hardwareFlowControl: boolean;
}

/** Throws ModemError NOT_OPENED. */
export type OpenPort = (setup: PortSetup, events: PortEvents) => Promise<Port>;

const connectMilliseconds = 10_000;
const keepAliveMilliseconds = 30_000;
/** A port whose device is gone may never say that it is closed. */
const closeMilliseconds = 1_000;

export const openPort: OpenPort = (setup, events) => {
  const address = readTcpAddress(setup.device);
  return address ? openTcp(address, events) : openSerial(setup, events);
};

function openTcp(address: { host: string; port: number }, events: PortEvents): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...address,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMilliseconds,
    });
    socket.setTimeout(connectMilliseconds, () => socket.destroy(new Error('no connection in time')));
    let failure: unknown;
    socket.on('error', (error) => (failure = error));
    socket.once('close', () => reject(new ModemError('NOT_OPENED', { cause: failure })));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(tcpPort(socket, events, () => failure));
    });
  });
}

function tcpPort(socket: Socket, events: PortEvents, failure: () => unknown): Port {
  let isClosed = false;
  socket.on('data', (chunk) => events.data(chunk));
  socket.once('close', () => {
    if (!isClosed) events.closed(failure());
    isClosed = true;
  });
  return {
    write: (octets) => void socket.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets),
    close: async () => {
      isClosed = true;
      socket.destroy();
    },
  };
}

async function openSerial(setup: PortSetup, events: PortEvents): Promise<Port> {
  const { device: path, baudRate, hardwareFlowControl: rtscts } = setup;
  let serial: SerialPort;
  try {
    serial = new SerialPort({ path, baudRate, rtscts, dataBits: 8, parity: 'none', stopBits: 1, autoOpen: false });
    await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  } catch (cause) {
    throw new ModemError('NOT_OPENED', { cause });
  }
  // A pseudo-terminal and some adapters have no such lines.
  serial.set({ dtr: true, rts: true }, () => undefined);
  return serialPort(serial, path, events);
}

function serialPort(serial: SerialPort, path: string, events: PortEvents): Port {
  let isClosed = false;
  let failure: unknown;
  const end = (cause?: unknown): void => {
    unwatch();
    if (!isClosed) events.closed(cause);
    isClosed = true;
  };
  const watch = watchDevice(path, systemClock, () => end(new Error('the device is gone')));
  const unwatch = (): void => void watch.then((stop) => stop());
  serial.on('data', (chunk: Buffer) => events.data(chunk));
  serial.on('error', (error) => (failure = error));
  // Also when it was unplugged: the event is `close`, with an error that says so.
  serial.on('close', (error?: Error | null) => end(error ?? failure));
  return {
    write: (octets) => {
      const buffer = typeof octets === 'string' ? Buffer.from(octets, 'latin1') : Buffer.from(octets);
      serial.write(buffer, (error) => error && end(error));
    },
    close: () => {
      isClosed = true;
      unwatch();
      return closed(serial);
    },
  };
}

function closed(serial: SerialPort): Promise<void> {
  if (!serial.isOpen) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, closeMilliseconds);
    serial.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
