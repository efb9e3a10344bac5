// What an administrator is told of a modem, and that nothing is done to it meanwhile.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { systemClock } from '../../src/modem/clock.js';
import { examinePort } from '../../src/modem/examine-port.js';
import { probeModem } from '../../src/modem/probe.js';
import { FakeModem } from './fake-modem.js';
import { open } from './stage.js';

async function bad(fake: FakeModem): Promise<string[]> {
  fake.device = 'tcp:modem.example:1';
  const surroundings = { openPort: fake.openPort, listDevices: async () => [], clock: systemClock };
  const findings = await probeModem(surroundings, { device: fake.device });
  return findings.filter(({ isWell }) => !isWell).map(({ about, says }) => `${about}: ${says}`);
}

const obstacles: [string, (fake: FakeModem) => void, RegExp][] = [
  ['a SIM that asks for its PIN', (fake) => (fake.pinState = 'SIM PIN'), /^SIM: asks for its PIN, with 3 tries left$/],
  ['a SIM that asks for its PUK', (fake) => (fake.pinState = 'SIM PUK'), /^SIM: is locked and asks for its PUK/],
  ['no SIM', (fake) => fake.answers.push([/CPIN/, () => ['+CME ERROR: 10']]), /^SIM: is not in the modem$/],
  [
    'a SIM that is busy',
    (fake) => fake.answers.push([/CPIN/, () => ['+CME ERROR: 14']]),
    /not ready: SIM busy \(14\)$/,
  ],
  ['no service centre', (fake) => (fake.serviceCentre = ''), /^service centre: is not known/],
  ['no coverage', (fake) => (fake.registration = 2), /^network: is being searched for/],
  ['a SIM that the network refuses', (fake) => (fake.registration = 3), /^network: does not admit this SIM/],
  ['a weak signal', (fake) => fake.answers.push([/CSQ/, () => ['+CSQ: 2,99', 'OK']]), /^signal: is weak: -109 dBm$/],
  [
    'a full memory',
    (fake) => fake.answers.push([/CPMS\?/, () => ['+CPMS: "ME",0,50,"ME",0,50,"SM",20,20', 'OK']]),
    /^memory: SM holds 20 of 20 messages/,
  ],
];

for (const [title, spoil, says] of obstacles)
  test(`${title} is told, and nothing is set or entered`, async (t) => {
    const fake = new FakeModem();
    spoil(fake);
    const told = await bad(fake);
    t.is(told.length, 1);
    t.regex(told[0]!, says);
    t.false(
      fake.heard.some((command) => command !== 'AT' && /=(?!\?)/.test(command) && !command.startsWith('AT+CPINR=')),
    );
    t.false(fake.isOpen);
  });

test('of a modem that is well every look is told, and no number of it', async (t) => {
  const fake = new FakeModem();
  fake.device = 'tcp:modem.example:1';
  const lines: string[] = [];
  const surroundings = { openPort: fake.openPort, listDevices: async () => [], clock: systemClock };
  const probing = { device: fake.device, onLine: (line: string) => void lines.push(line) };
  const findings = await probeModem(surroundings, probing);
  t.deepEqual(
    findings.map(({ about, isWell }) => [about, isWell]),
    ['modem', 'SIM', 'service centre', 'network', 'signal'].map((about) => [about, true]),
  );
  t.true(lines.includes('> AT+CSQ [6]'));
  t.notRegex([...lines, ...findings.map(({ says }) => says)].join('\n'), /\d{7}/);
});

test('a device that is not there, is none, or may not be opened is told with what would help', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'easms-port-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  chmodSync(file, 0);
  const told = async (device: string, others: string[] = []): Promise<string> =>
    (await examinePort(device, async () => others)).map(({ says }) => says).join();
  t.regex(await told(join(folder, 'none')), /is not there: no modem is plugged in$/);
  t.regex(await told(join(folder, 'none'), ['/dev/ttyUSB3']), /is not there: others are \/dev\/ttyUSB3$/);
  t.regex(await told(file), /is no serial device$/);
  t.is(await told('tcp:modem.example:1'), '');
  t.is(await told('COM3'), '');
});

test('a modem that a gateway has open is asked in its turn, and one that is not ready says why', async (t) => {
  const fake = new FakeModem();
  fake.device = 'tcp:modem.example:1';
  const { modem, clock, untilReady } = open(fake, { device: fake.device });
  await untilReady();
  const sending = modem.send(Buffer.from('01000C9144778800900100000003C8329B', 'hex'));
  const examined = await clock.until(modem.examine());
  t.is(await sending, 0);
  t.true(examined.every(({ isWell }) => isWell));
  t.deepEqual(
    examined.map(({ about }) => about),
    ['modem', 'SIM', 'service centre', 'network', 'signal'],
  );
  await modem.close();
  t.deepEqual(await modem.examine(), [{ about: 'modem', isWell: false, says: 'the modem was closed by this server' }]);
});
