// Where a modem is, and how one is reached that does not answer any more.

import { sleep } from './clock.js';
import { restart } from './commands/cfun.js';
import type { ExchangeLog } from './exchange-log.js';
import { afterCloseMilliseconds } from './ladder.js';
import type { ModemHost, ModemSetup } from './modem.js';
import type { PortSetup } from './port.js';
import { openWhereverItIs, type Session } from './session.js';
import { type Template, templates } from './templates.js';
import type { Unsolicited } from './unsolicited.js';

export interface Place {
  setup: ModemSetup;
  host: ModemHost;
  log: ExchangeLog;
  /** Aborts at the end. */
  signal: AbortSignal;
}

/** A line to it, wherever it is; its place is remembered. Throws ModemError. */
export async function reach(place: Place, onUnsolicited: (unsolicited: Unsolicited) => void): Promise<Session> {
  const { setup, host, log, signal } = place;
  const known = await host.memory.read();
  const mayConfirm = !(await host.mayHaveUnsent());
  const opening = { device: setup.device, ...lineSettings(setup), log, onUnsolicited, mayConfirm, signal };
  const session = await openWhereverItIs(host, opening, known);
  if (known.device !== session.device) await host.memory.write({ device: session.device });
  return session;
}

/** It may not hear it, and it may come back under another name: the port is let go of before it vanishes. */
export async function startAnew({ setup, host, signal }: Place, template: Template): Promise<void> {
  const { restart: command, restartSeconds } = template;
  if (command === undefined || signal.aborted) return;
  const device = (await host.memory.read()).device ?? setup.device;
  const events = { data: () => undefined, closed: () => undefined };
  const port = await host.openPort({ device, ...lineSettings(setup) }, events).catch(() => undefined);
  if (!port) return;
  restart(port, command);
  await sleep(host.clock, afterCloseMilliseconds, signal);
  await port.close();
  await sleep(host.clock, restartSeconds * 1000, signal);
}

function lineSettings(setup: ModemSetup): Pick<PortSetup, 'baudRate' | 'hardwareFlowControl'> {
  const { hardwareFlowControl, baudRate } = setup.template ?? templates.generic;
  return { hardwareFlowControl, baudRate: setup.baudRate ?? baudRate };
}
