// From a port that opens to a modem that is ready, and what keeps it from that.

import test from 'ava';
import { byteByByte, FakeModem } from './fake-modem.js';
import { octetsOfReceived, open, received, tpdu } from './stage.js';

test('a wrong PIN is entered once, remembered, and never entered again', async (t) => {
  const fake = new FakeModem();
  fake.pinState = 'SIM PIN';
  const { modem, clock, memory, obstacles } = open(fake, { pin: '9999' });
  await clock.pass(10 * 60_000);
  t.is(modem.obstacle?.code, 'PIN_FAILED');
  t.deepEqual(obstacles, ['PIN_FAILED']);
  t.true(memory.pinFailed);
  t.is(fake.heard.filter((command) => command.startsWith('AT+CPIN="')).length, 1);
  t.is(fake.pinTries, 2);
  await modem.close();
});

test('a PIN is not risked when the SIM has fewer than three tries, nor when none is configured', async (t) => {
  for (const [pin, code] of [
    ['1234', 'PIN_LAST_TRY'],
    [undefined, 'PIN_MISSING'],
  ] as const) {
    const fake = new FakeModem();
    Object.assign(fake, { pinState: 'SIM PIN', pinTries: 2 });
    const { modem, clock } = open(fake, { pin });
    await clock.pass(120_000);
    t.is(modem.obstacle?.code, code);
    t.false(fake.heard.some((command) => command.startsWith('AT+CPIN="')));
    await modem.close();
  }
});

test('a PIN that was tried before a crash is tried again only where the SIM has all its tries', async (t) => {
  for (const [tries, isTried] of [
    [3, true],
    [undefined, false],
  ] as const) {
    const fake = new FakeModem();
    fake.pinState = 'SIM PIN';
    if (tries === undefined) fake.answers.push([/CPINR/, () => ['ERROR']]);
    const first = open(fake, { pin: '1234' });
    fake.answers.unshift([/^AT\+CPIN="/, () => undefined]);
    await first.clock.untilTrue(() => first.memory.triedPin !== undefined);
    await first.modem.close();
    fake.answers.shift();
    fake.heard.length = 0;
    const second = open(fake, { pin: '1234' });
    Object.assign(second.memory, first.memory);
    await second.clock.pass(10_000);
    t.is(
      fake.heard.some((command) => command.startsWith('AT+CPIN="')),
      isTried,
    );
    t.is(second.modem.obstacle?.code, isTried ? undefined : 'PIN_FAILED');
    await second.modem.close();
  }
});

test('a locked SIM, a missing one, no service centre and no network are obstacles that pass when they are gone', async (t) => {
  const cases: [(fake: FakeModem) => void, string, (fake: FakeModem) => void][] = [
    [(fake) => (fake.pinState = 'SIM PUK'), 'PUK_NEEDED', (fake) => (fake.pinState = 'READY')],
    [
      (fake) => fake.answers.push([/CPIN\?/, () => ['+CME ERROR: 10']]),
      'SIM_MISSING',
      (fake) => void fake.answers.pop(),
    ],
    [(fake) => (fake.serviceCentre = ''), 'NO_SERVICE_CENTRE', (fake) => (fake.serviceCentre = '+447700900000')],
    [(fake) => (fake.registration = 2), 'NO_NETWORK', (fake) => (fake.registration = 5)],
    [(fake) => (fake.registration = 3), 'NETWORK_DENIED', (fake) => (fake.registration = 1)],
  ];
  for (const [spoil, code, mend] of cases) {
    const fake = new FakeModem();
    spoil(fake);
    const { modem, clock, untilReady } = open(fake);
    await clock.untilTrue(() => modem.obstacle?.code === code);
    await t.throwsAsync(modem.send(tpdu), { code });
    mend(fake);
    await untilReady();
    t.is(await clock.until(modem.send(tpdu)), 0);
    await modem.close();
  }
});

test('after the right PIN it waits two seconds, and for a SIM that is busy', async (t) => {
  const fake = new FakeModem();
  fake.pinState = 'SIM PIN';
  let busy = 3;
  fake.answers.push([
    /^AT\+CPIN\?$/,
    () => (fake.pinState === 'READY' && busy-- > 0 ? ['+CMS ERROR: 314'] : [`+CPIN: ${fake.pinState}`, 'OK']),
  ]);
  const { clock, untilReady, memory, modem, log } = open(fake, { pin: '1234' });
  const before = clock.now();
  await untilReady();
  t.true(clock.now() - before >= 5_000);
  t.is(memory.triedPin, undefined);
  t.false(log.some((line) => line.includes('1234')));
  t.true(log.includes('> AT+CPIN=… [14]'));
  await modem.close();
});

test('the story of a start: settings, SIM, service centre, PDU mode, indications, memories, network, and what waits', async (t) => {
  const fake = new FakeModem();
  fake.memories['ME']!.set(0, { status: 0, pdu: received });
  const { untilReady, taken, clock, modem } = open(fake, { serviceCentre: '+447700900999' });
  await untilReady();
  await clock.untilTrue(() => fake.memories['ME']!.size === 0);
  t.deepEqual(fake.heard, [
    ...['AT', 'ATE0', 'ATV1', 'AT+CMEE=1', 'AT+CGMI', 'AT+CGMM', 'AT&D0', 'AT+CSCS="GSM"', 'AT+CGSN'],
    ...['AT+CPIN?', 'AT+CIMI', 'AT+CSCA?', 'AT+CSCA="+447700900999",145', 'AT+CMGF=0', 'AT+CSMS=0'],
    ...['AT+CNMI=?', 'AT+CNMI=2,1,0,1,0', 'AT+CPMS=?', 'AT+CPMS="SM","SM","SM"', 'AT+CMMS=?', 'AT+CMMS=2'],
    ...['AT+CREG?', 'AT+CSQ', 'AT+CPMS="SM"', 'AT+CPMS="ME"', 'AT+CMGL=4', 'AT+CMGD=0'],
  ]);
  t.deepEqual(taken, [{ pdu: received, octets: octetsOfReceived, place: 'ME 0' }]);
  t.is(modem.signal, -73);
  await modem.close();
});

test('a modem with echo, cut at every octet, that refuses most of what it is asked, still sends and receives', async (t) => {
  const fake = new FakeModem();
  Object.assign(fake, { echoes: true, cut: byteByByte });
  fake.answers.push([
    /^AT(V1|&D0|\+(CMEE|CGMI|CGMM|CSCS|CSMS|CIMI|CNMI|CMMS|CSQ|CREG|CSCA|CPMS=(\?|"\w\w","\w\w")))/,
    () => ['ERROR'],
  ]);
  const { untilReady, taken, clock, modem } = open(fake, { serviceCentre: '+447700900000' });
  fake.answers.unshift([/^AT\+CSCA="/, () => ['OK']]);
  await untilReady();
  t.is(await clock.until(modem.send(tpdu)), 0);
  t.deepEqual(fake.pdus, [`00${tpdu.toString('hex').toUpperCase()}`]);
  fake.memories['SM']!.set(3, { status: 0, pdu: received });
  await clock.untilTrue(() => taken.length === 1, 60_000);
  await modem.close();
});
