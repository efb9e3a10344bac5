// Our own driver on serial devices: the emulated modem behind the kernel's pseudo-terminals, which socat opens.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openPseudoTerminal, type PseudoTerminal } from '../../bench/pseudo-terminal.js';
import { joinParts } from '../../src/modem-sim/joined-parts.js';
import { ModemSim, type ModemSimOptions } from '../../src/modem-sim/modem-sim.js';
import { systemClock } from '../../src/modem/clock.js';
import type { ModemError } from '../../src/modem/errors.js';
import { Modem, type ModemHost } from '../../src/modem/modem.js';
import { openPort } from '../../src/modem/port.js';
import { tpdu } from '../modem/stage.js';
import { anna, bob, stage } from '../scenario/stage.js';
import { isAbsent } from './libwbxml.js';

interface Wired {
  readonly sim: ModemSim;
  /** A device of its own. */
  plug: () => Promise<PseudoTerminal & { readonly device: string }>;
}

async function wire(t: ExecutionContext, options: ModemSimOptions = {}): Promise<Wired> {
  const folder = mkdtempSync(join(tmpdir(), 'easms-serial-'));
  const sim = new ModemSim(options);
  const { port } = await sim.listen();
  const plugged: PseudoTerminal[] = [];
  t.teardown(async () => {
    await Promise.all(plugged.map((terminal) => terminal.end()));
    await sim.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    sim,
    plug: async () => {
      const terminal = await openPseudoTerminal(port, mkdtempSync(join(folder, 'tty-')));
      plugged.push(terminal);
      return { ...terminal, device: realpathSync(terminal.path) };
    },
  };
}

for (const profile of ['generic', 'huawei-e220', 'siemens-es75', '2n-voiceblue']) {
  test.serial(
    `a gateway on a serial device enters the PIN, sends long texts, hears of their delivery, receives and dials: ${profile}`,
    async (t) => {
      if (isAbsent(t, 'socat')) return;
      const { sim, plug } = await wire(t, { profile, pin: '4711' });
      const { device } = await plug();
      const house = await stage(t);
      const gateway = { type: 'gsm-modem', device, pin: '4711', deliverTo: [anna.address] };
      await house.api.put('/gateways/m', gateway);
      const text = 'Grüße an {alle} für 5 € '.repeat(20).trim();
      const { ids } = await house.api.post<{ ids: string[] }>('/messages', { from: anna.address, to: [bob], text });
      await house.ended(ids[0]!, 'delivered');
      t.is(joinParts(sim.sent).messages[0]!.text, text);
      sim.receive({ from: bob, text: 'Добрый день 😀 '.repeat(12).trim() });
      await house.until(async () => (await house.folder('inbox')).length === 1);
      t.is((await house.folder('inbox'))[0]!.text, 'Добрый день 😀 '.repeat(12).trim());
      const { text: balance } = await house.api.post<{ text: string }>('/gateways/m/ussd', { code: '*100#' });
      t.true(balance.length > 0);
    },
  );
}

interface Driven {
  readonly modem: Modem;
  readonly devices: string[];
  untilTold: (code: string | undefined) => Promise<void>;
}

function drive(t: ExecutionContext, device: string): Driven {
  const devices: string[] = [];
  const told: (string | undefined)[] = [];
  let heard = (): void => undefined;
  const known = {};
  const host: ModemHost = {
    ...{ openPort, listDevices: async () => devices, clock: systemClock },
    log: { isTracing: () => false, trace: () => undefined, warn: () => undefined, info: () => undefined },
    memory: { read: async () => ({ ...known }), write: async (change) => void Object.assign(known, change) },
    ...{ take: async () => undefined, onLateReference: () => undefined, mayHaveUnsent: async () => false },
    onObstacle: (obstacle: ModemError | undefined) => (told.push(obstacle?.code), heard()),
  };
  const modem = new Modem({ device, sendTimeoutMilliseconds: 5_000 }, host);
  t.teardown(() => modem.close());
  modem.start();
  return {
    modem,
    devices,
    untilTold: async (code) => {
      while (!told.includes(code)) await new Promise<void>((resolve) => (heard = resolve));
      told.length = 0;
    },
  };
}

test.serial('a serial modem that is pulled out and comes back as another device is found by its IMEI', async (t) => {
  if (isAbsent(t, 'socat')) return;
  const { sim, plug } = await wire(t);
  const stranger = await (await wire(t, { imei: '356938035643809' })).plug();
  const first = await plug();
  const { modem, devices, untilTold } = drive(t, first.device);
  await untilTold(undefined);
  t.is(await modem.send(tpdu), 0);
  // Its line is cut where the first one was, which ends that; both names are taken until then.
  const second = await plug();
  t.not(second.device, first.device);
  devices.push(stranger.device, second.device);
  await untilTold('LINE_CLOSED');
  await untilTold(undefined);
  t.is(await modem.send(tpdu), 1);
  t.is(sim.sent.length, 2);
});

test.serial(
  'a serial modem that is pulled out is missed within seconds, whatever was being read or written',
  async (t) => {
    if (isAbsent(t, 'socat')) return;
    const { plug } = await wire(t);
    const terminal = await plug();
    const { modem, untilTold } = drive(t, terminal.device);
    await untilTold(undefined);
    const since = Date.now();
    const sending = modem.send(tpdu).catch(() => undefined);
    await terminal.end();
    await untilTold('LINE_CLOSED');
    await sending;
    // A look at the modem every half minute would find it as well.
    t.true(Date.now() - since < 15_000);
  },
);

test.serial('a text that was behind Ctrl-Z when its serial device was pulled out is of unknown outcome', async (t) => {
  if (isAbsent(t, 'socat')) return;
  const { sim, plug } = await wire(t, { submitMs: 60_000, traces: true });
  const terminal = await plug();
  const { modem, untilTold } = drive(t, terminal.device);
  await untilTold(undefined);
  const sending = modem.send(tpdu);
  sending.catch(() => undefined);
  await sim.until(
    'line',
    ({ from, text }) => from === 'peer' && text.includes(Buffer.from(tpdu).toString('hex').toUpperCase()),
  );
  await terminal.end();
  await t.throwsAsync(sending, { code: 'NO_OUTCOME' });
});

test.serial(
  'a port that is not there, or that something else has open, says so and is opened when it can be',
  async (t) => {
    if (isAbsent(t, 'socat')) return;
    const { plug } = await wire(t);
    const { device } = await plug();
    const closed = (): void => undefined;
    const opening = { device, baudRate: 115_200, hardwareFlowControl: false };
    const taken = await openPort(opening, { data: () => undefined, closed });
    const { modem, untilTold } = drive(t, device);
    await untilTold('NOT_OPENED');
    await taken.close();
    await untilTold(undefined);
    t.is(modem.obstacle, undefined);
  },
);
