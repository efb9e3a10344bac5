// A modem at work, with all that goes wrong, to the end.

import test from 'ava';
import type { ModemError } from '../../src/modem/errors.js';
import { templates } from '../../src/modem/templates.js';
import { FakeModem } from './fake-modem.js';
import { octetsOfReceived, open, received, tpdu } from './stage.js';

test('a message is deleted only after it is kept, and read again where it was not', async (t) => {
  const fake = new FakeModem();
  const order: string[] = [];
  let isFull = true;
  const { untilReady, clock, modem } = open(fake, {
    take: async ({ place }) => {
      if (isFull) throw new Error('the disk is full');
      order.push(`kept ${place}, there: ${fake.memories['SM']!.size}`);
    },
  });
  await untilReady();
  fake.memories['SM']!.set(3, { status: 0, pdu: received });
  fake.tell('+CMTI: "SM",3');
  await clock.pass(5_000);
  t.is(fake.memories['SM']!.size, 1);
  isFull = false;
  await clock.untilTrue(() => fake.memories['SM']!.size === 0);
  t.deepEqual(order, ['kept SM 3, there: 1']);
  await modem.close();
});

test('a message is read from the memory that was named, whichever is selected', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, taken, modem } = open(fake, { template: templates['huawei-e220'] });
  await untilReady();
  await clock.pass(100);
  fake.memories['ME']!.set(7, { status: 0, pdu: received });
  fake.tell('+CMTI: "ME",7');
  await clock.untilTrue(() => taken.length === 1, 1_000);
  t.is(taken[0]!.place, 'ME 7');
  await modem.close();
});

test('a full memory is made room in: copies of what was sent go, drafts stay', async (t) => {
  const fake = new FakeModem();
  for (let index = 1; index <= 10; index++)
    fake.memories['SM']!.set(index, { status: index <= 4 ? 3 : index <= 6 ? 2 : 1, pdu: received });
  const { untilReady, clock, taken, modem } = open(fake);
  await untilReady();
  await clock.pass(1_000);
  t.is(taken.length, 4);
  t.deepEqual([...fake.memories['SM']!.keys()], [5, 6]);
  await modem.close();
});

test('messages that are given and not kept by the modem are taken as they come', async (t) => {
  const fake = new FakeModem();
  fake.answers.push([/CNMI=\?/, () => ['+CNMI: (1),(0,2),(0),(0,1),(1)', 'OK']]);
  const { untilReady, clock, taken, modem } = open(fake);
  await untilReady();
  t.true(fake.heard.includes('AT+CNMI=1,2,0,1,1'));
  fake.tell(`+CMT: ,${octetsOfReceived}`, received);
  await clock.untilTrue(() => taken.length === 1, 1_000);
  t.is(taken[0]!.place, undefined);
  await modem.close();
});

test('no answer after Ctrl-Z is unknown, ESC and not Ctrl-Z brings it back, and a late reference is told', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, late, modem } = open(fake);
  await untilReady();
  await clock.pass(1_000);
  const { outcome } = fake;
  fake.outcome = () => undefined;
  const before = clock.now();
  await t.throwsAsync(clock.until(modem.send(tpdu)), { code: 'NO_OUTCOME' });
  t.true(clock.now() - before >= 60_000);
  fake.tell('+CMGS: 41', 'OK');
  fake.outcome = outcome;
  t.is(await clock.until(modem.send(tpdu)), 0);
  t.deepEqual(late, [41]);
  t.is(fake.pdus.length, 2);
  t.is(fake.opened, 1);
  await modem.close();
});

test('a prompt that does not come leaves the text unsent, and the next one goes', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, modem } = open(fake);
  await untilReady();
  await clock.pass(1_000);
  const { prompt } = fake;
  fake.prompt = undefined;
  await t.throwsAsync(clock.until(modem.send(tpdu)), { code: 'NO_PROMPT' });
  fake.prompt = prompt;
  t.is(await clock.until(modem.send(tpdu)), 0);
  t.is(fake.pdus.length, 1);
  await modem.close();
});

test('three texts that do not go are a reason to set it up anew; three wrong numbers are none', async (t) => {
  for (const [error, resets] of [
    [38, 1],
    [1, 0],
  ] as const) {
    const fake = new FakeModem();
    const { untilReady, clock, modem } = open(fake);
    await untilReady();
    await clock.pass(1_000);
    fake.outcome = () => [`+CMS ERROR: ${error}`];
    for (let n = 0; n < 3; n++) await t.throwsAsync(clock.until(modem.send(tpdu)), { code: 'CMS_ERROR' });
    await clock.pass(1_000);
    await untilReady();
    t.is(fake.heard.filter((command) => command === 'ATZ').length, resets);
    t.is(fake.opened, 1);
    await modem.close();
  }
});

test('a modem that falls silent is set up anew, opened anew and at last started anew', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, modem, obstacles } = open(fake);
  await untilReady();
  await clock.pass(1_000);
  fake.answers.push([/^(?!AT\+CFUN=1,1)/, () => undefined]);
  await clock.untilTrue(() => fake.heard.includes('AT+CFUN=1,1'));
  t.deepEqual(obstacles, [undefined, 'NO_ANSWER']);
  fake.answers.pop();
  await untilReady();
  t.true(fake.opened >= 3);
  t.is(await clock.until(modem.send(tpdu)), 0);
  await modem.close();
});

test('a modem that answers ERROR to every look is there, and nothing is done to it', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, modem, obstacles } = open(fake);
  await untilReady();
  fake.answers.push([/CREG|CSQ|CPMS|CMGL/, () => ['ERROR']]);
  await clock.pass(10 * 60_000);
  t.deepEqual(obstacles, [undefined]);
  t.is(fake.opened, 1);
  await modem.close();
});

test('a list that never comes is asked for message by message from then on', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, taken, modem } = open(fake);
  await untilReady();
  fake.answers.push([/CMGL/, () => undefined]);
  fake.memories['SM']!.set(0, { status: 0, pdu: received });
  fake.memories['SM']!.set(9, { status: 0, pdu: received });
  await clock.untilTrue(() => taken.length === 2, 180_000);
  t.is(fake.opened, 1);
  await modem.close();
});

test('unplugged in the middle of a text: unknown behind Ctrl-Z, unsent before it; and it goes on when it is back', async (t) => {
  for (const [isBehind, code] of [
    [true, 'NO_OUTCOME'],
    [false, 'LINE_CLOSED'],
  ] as const) {
    const fake = new FakeModem();
    const { untilReady, clock, modem } = open(fake);
    await untilReady();
    await clock.pass(1_000);
    if (isBehind) fake.outcome = () => void fake.unplug();
    else fake.answers.push([/CMGS/, () => void fake.unplug()]);
    await t.throwsAsync(clock.until(modem.send(tpdu)), { code });
    fake.answers.length = 0;
    fake.outcome = () => ['+CMGS: 5', 'OK'];
    const before = clock.now();
    await untilReady();
    t.true(clock.now() - before >= 1_000);
    t.is(await clock.until(modem.send(tpdu)), 5);
    await modem.close();
  }
});

test('a modem that comes back under another name is known by its IMEI, and another one at its place is not it', async (t) => {
  const fake = new FakeModem();
  const other = new FakeModem();
  Object.assign(other, { device: '/dev/ttyUSB0', imei: '350000000000001' });
  const { untilReady, clock, modem, memory } = open(fake, {
    devices: ['/dev/ttyUSB0', '/dev/ttyUSB1', '/dev/ttyUSB4'],
  });
  await untilReady();
  fake.unplug();
  fake.device = '/dev/ttyUSB4';
  await untilReady();
  t.is(memory.device, '/dev/ttyUSB4');
  t.is(await clock.until(modem.send(tpdu)), 0);
  t.is(other.opened, 0);
  await modem.close();
});

test('a modem that started by itself is told everything again', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, modem } = open(fake);
  await untilReady();
  await clock.pass(1_000);
  fake.heard.length = 0;
  fake.tell('RDY');
  await clock.pass(2_000);
  await untilReady();
  t.true(fake.heard.includes('AT+CMGF=0'));
  t.false(fake.heard.includes('ATZ'));
  t.is(fake.opened, 1);
  await modem.close();
});

test('a call that rings on is hung up, and a short one is not', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, modem } = open(fake);
  await untilReady();
  const ring = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n++) {
      fake.tell('RING', '+CLIP: "+447700900123",145');
      await clock.pass(5_000);
    }
  };
  await ring(3);
  await clock.pass(60_000);
  t.false(fake.heard.includes('AT+CHUP'));
  await ring(4);
  t.is(fake.heard.filter((command) => command === 'AT+CHUP').length, 1);
  await modem.close();
});

test('a code is answered seconds later, in letters, packed or in UCS2; or never', async (t) => {
  const cases: [string, string, boolean, 'generic' | 'huawei-e220'][] = [
    ['+CUSD: 0,"Balance: 5 EUR",15', 'Balance: 5 EUR', false, 'generic'],
    ['+CUSD: 1,"1 Topup\r\n2 Plans",15', '1 Topup\n2 Plans', true, 'generic'],
    ['+CUSD: 0,"C8329BFD06",15', 'Hello', false, 'huawei-e220'],
    ['+CUSD: 0,"004800690021",72', 'Hi!', false, 'huawei-e220'],
  ];
  for (const [line, text, expectsReply, template] of cases) {
    const fake = new FakeModem();
    const { untilReady, clock, modem } = open(fake, { template: templates[template] });
    await untilReady();
    const answer = modem.dial('*100#');
    await clock.untilTrue(() => fake.heard.some((command) => command.startsWith('AT+CUSD')));
    t.true(fake.heard.includes(template === 'generic' ? 'AT+CUSD=1,"*100#",15' : 'AT+CUSD=1,"AA180C3602",15'));
    await clock.pass(5_000);
    fake.tell(line);
    t.deepEqual(await clock.until(answer), { text, expectsReply });
    await modem.close();
  }
  const fake = new FakeModem();
  const { untilReady, clock, modem } = open(fake);
  await untilReady();
  await t.throwsAsync(modem.dial('rm -rf'), { code: 'USSD_REFUSED' });
  await t.throwsAsync(clock.until(modem.dial('*100#')), { code: 'USSD_NO_ANSWER' });
  await modem.close();
});

test('a modem that says nothing is closed at once, and whoever waits is told', async (t) => {
  const fake = new FakeModem();
  const { untilReady, clock, modem } = open(fake);
  await untilReady();
  fake.outcome = () => undefined;
  const sending = modem.send(tpdu);
  const waiting = modem.send(tpdu);
  await clock.untilTrue(() => fake.pdus.length === 1);
  const before = clock.now();
  await modem.close();
  await t.throwsAsync(sending, { code: 'NO_OUTCOME' });
  const error = await t.throwsAsync<ModemError>(clock.until(waiting));
  t.is(error.code, 'CLOSED');
  t.is(clock.now(), before);
  t.false(fake.isOpen);
});

test('a modem that never answered is closed at once', async (t) => {
  const fake = new FakeModem();
  fake.answers.push([/^/, () => undefined]);
  const { clock, modem } = open(fake);
  await clock.untilTrue(() => fake.heard.length > 0);
  await modem.close();
  t.false(fake.isOpen);
});

test('the trace has every line with its size, and neither numbers nor texts unless they are asked for', async (t) => {
  for (const logsContent of [false, true]) {
    const fake = new FakeModem();
    const { untilReady, clock, modem, log } = open(fake, { logsContent });
    await untilReady();
    await clock.until(modem.send(tpdu));
    const trace = log.filter((line) => /^[<>] /.test(line));
    t.true(trace.every((line) => /\[\d+\]$/.test(line)));
    t.true(trace.includes('> AT+CMGS=17 [10]'));
    t.true(trace.includes('< +CMGS: 0 [8]'));
    t.is(
      trace.some((line) => line.includes('447788009001')),
      logsContent,
    );
    t.is(
      trace.some((line) => line.includes('447700900000')),
      logsContent,
    );
    t.is(trace.includes('> … [36]'), !logsContent);
    await modem.close();
  }
});
