// A modem that no gateway has open, from its port to its signal.

import { isDeviceName } from './device-name.js';
import { examineModem, type Finding, findingOf } from './examine.js';
import { examinePort } from './examine-port.js';
import { openExchangeLog } from './exchange-log.js';
import { openSession, type Surroundings } from './session.js';
import { templates } from './templates.js';

export interface Probing {
  device: string;
  baudRate?: number | undefined;
  /** Every line of the exchange, numbers and texts masked. */
  onLine?: ((line: string) => void) | undefined;
}

/** Asks, and sets nothing. Whatever keeps it from asking on is the last finding. */
export async function probeModem(surroundings: Surroundings, probing: Probing): Promise<Finding[]> {
  const { device, baudRate = templates.generic.baudRate, onLine } = probing;
  if (!isDeviceName(device))
    return [{ about: 'port', isWell: false, says: 'a device is written /dev/ttyUSB0, COM3 or tcp:host:port' }];
  const port = await examinePort(device, () => surroundings.listDevices());
  if (port.some(({ isWell }) => !isWell)) return port;
  const nothing = (): void => undefined;
  const write = { isTracing: () => onLine !== undefined, trace: onLine ?? nothing, warn: nothing, info: nothing };
  try {
    const session = await openSession(surroundings, {
      ...{ device, baudRate, hardwareFlowControl: false, log: openExchangeLog(write, false) },
      ...{ onUnsolicited: nothing, mayConfirm: false, signal: new AbortController().signal },
    });
    return [...port, ...(await examineModem(session).finally(() => session.close()))];
  } catch (error) {
    return [...port, findingOf(error)];
  }
}
