// What comes from a modem, whole, byte by byte, and cut at every position.

import test from 'ava';
import { AtChannel, type AtCommand } from '../../src/modem/channel.js';
import { ModemError } from '../../src/modem/errors.js';
import type { Unsolicited } from '../../src/modem/unsolicited.js';
import { TestClock } from './test-clock.js';

const silent = { sent: () => undefined, received: () => undefined };

function open() {
  const clock = new TestClock();
  const written: string[] = [];
  const unsolicited: Unsolicited[] = [];
  const port = {
    write: (octets: string | Uint8Array) => void written.push(String(octets)),
    close: async () => undefined,
  };
  const channel = new AtChannel({ port, clock, log: silent, onUnsolicited: (heard) => unsolicited.push(heard) });
  return { clock, written, unsolicited, channel };
}

const pdu = '07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37';
const report = '07917283010010F506140B917238880900F1993092516195809930925161958000';

interface Case {
  command: AtCommand;
  /** What comes; `|` stands for CR LF. */
  input: string;
  answer?: string[];
  code?: string;
  number?: number;
  unsolicited?: string[];
}

const cmgl = { text: 'AT+CMGL=4', prefix: '+CMGL', hasPdu: true };
const cmgs = { text: 'AT+CMGS=23', prefix: '+CMGS', pdu: '0011' };
const csq = { text: 'AT+CSQ', prefix: '+CSQ' };
const creg = { text: 'AT+CREG?', prefix: '+CREG' };
const at = { text: 'AT' };

const cases: Record<string, Case> = {
  'an error without a space behind the colon': {
    command: at,
    input: '|+CMS ERROR:321|',
    code: 'CMS_ERROR',
    number: 321,
  },
  'an error in words': { command: at, input: '|+CME ERROR: SIM busy|', code: 'CME_ERROR', number: 14 },
  'an error that is none of the numbers': { command: at, input: '|+CMS ERROR: 599|', code: 'CMS_ERROR', number: 599 },
  ERROR: { command: at, input: '|ERROR|', code: 'AT_ERROR' },
  'the sentence of a Huawei': { command: at, input: '|COMMAND NOT SUPPORT|', code: 'AT_ERROR' },
  'CR alone': { command: csq, input: '\r+CSQ: 20,99\r\rOK\r', answer: ['+CSQ: 20,99'] },
  'LF alone': { command: csq, input: '+CSQ:20,99\nOK\n', answer: ['+CSQ:20,99'] },
  'the echo': { command: csq, input: 'AT+CSQ\r|+CSQ: 20,99||OK|', answer: ['+CSQ: 20,99'] },
  'noise of a port that is set up': { command: csq, input: '\0\xff|+CSQ: 20,99||\x11OK\x13|', answer: ['+CSQ: 20,99'] },
  'a line without end before the answer': {
    command: csq,
    input: `${'x'.repeat(9_000)}|+CSQ: 1,99||OK|`,
    answer: ['+CSQ: 1,99'],
  },
  'a new message in the middle of an answer': {
    command: csq,
    input: '|+CMTI: "SM",3||+CSQ: 20,99||RING||OK|',
    answer: ['+CSQ: 20,99'],
    unsolicited: ['+CMTI: "SM",3', 'RING'],
  },
  'a whole message in the middle of a list': {
    command: cmgl,
    input: `|+CMGL: 1,1,,${pdu.length / 2 - 8}||+CMT: ,${report.length / 2 - 8}||${report}||${pdu}||OK|`,
    answer: [`+CMGL: 1,1,,${pdu.length / 2 - 8} ${pdu}`],
    unsolicited: [`+CMT: ,${report.length / 2 - 8} ${report}`],
  },
  'a message between a line of a list and its PDU, whose own PDU comes last': {
    command: cmgl,
    input: `|+CMGL: 1,1,,${pdu.length / 2 - 8}||+CDS: ${report.length / 2 - 8}||${pdu}||${report}||OK|`,
    answer: [`+CMGL: 1,1,,${pdu.length / 2 - 8} ${pdu}`],
    unsolicited: [`+CDS: ${report.length / 2 - 8} ${report}`],
  },
  'a PDU without the service centre': {
    command: { text: 'AT+CMGR=1', prefix: '+CMGR', hasPdu: true },
    input: `|+CMGR: 0,,${pdu.length / 2 - 8}||${pdu.slice(16)}||OK|`,
    answer: [`+CMGR: 0,,${pdu.length / 2 - 8} ${pdu.slice(16)}`],
  },
  'a registration that changes while it is asked for': {
    command: creg,
    input: '|+CREG: 5,"00C3","1A2B"||+CREG: 2,1,"00C3","1A2B"||+CREG: 2||OK|',
    answer: ['+CREG: 2,1,"00C3","1A2B"'],
    unsolicited: ['+CREG: 5,"00C3","1A2B"', '+CREG: 2'],
  },
  'a network message of several lines': {
    command: at,
    input: '|+CUSD: 0,"Balance\r\n> 5 EUR\r\nOK?",15||OK|',
    answer: [],
    unsolicited: ['+CUSD: 0,"Balance\n> 5 EUR\nOK?",15'],
  },
  'a network message whose quote is never closed': {
    command: at,
    input: '|+CUSD: 0,"Balance|OK|',
    answer: [],
    unsolicited: ['+CUSD: 0,"Balance'],
  },
  'a serial number that looks like a PDU, after a message that lost its own': {
    command: { text: 'AT+CGSN', pattern: /^\d{14,17}$/ },
    input: '|+CMT: ,23||4901542032375180||OK|',
    answer: ['4901542032375180'],
  },
  'the prompt, the echo of the PDU and the reference': {
    command: cmgs,
    input: 'AT+CMGS=23\r|> 0011\x1a|+CMGS: 12||OK|',
    answer: ['+CMGS: 12'],
  },
  'a prompt without its space': { command: cmgs, input: '|>|+CMGS: 12,"x"||OK|', answer: ['+CMGS: 12,"x"'] },
  'a reference that the late OK of another command precedes': {
    command: cmgs,
    input: '|OK||> |OK||+CMGS: 12||OK|',
    answer: ['+CMGS: 12'],
  },
  'a reference of an earlier text before the prompt': {
    command: cmgs,
    input: '|+CMGS: 11||> |+CMGS: 12||OK|',
    answer: ['+CMGS: 12'],
    unsolicited: ['+CMGS: 11'],
  },
  'a refusal before the prompt': { command: cmgs, input: '|+CMS ERROR: 304|', code: 'CMS_ERROR', number: 304 },
  'a refusal after the prompt': { command: cmgs, input: '|> |+CMS ERROR: 38|', code: 'CMS_ERROR', number: 38 },
};

/** All ways to cut it in two, whole, and byte by byte. */
function* cuts(input: string): Generator<string[]> {
  yield [input];
  if (input.length > 2_000) return;
  yield [...input];
  for (let at = 1; at < input.length; at++) yield [input.slice(0, at), input.slice(at)];
}

for (const [title, { command, input, answer, code, number, unsolicited = [] }] of Object.entries(cases))
  test(`reads ${title}, however it is cut`, async (t) => {
    for (const chunks of cuts(input.replaceAll('|', '\r\n'))) {
      const { channel, unsolicited: heard } = open();
      const result = channel.execute(command).then(
        (lines) => lines.map(({ line, pdu: its }) => (its === undefined ? line : `${line} ${its}`)),
        (error: ModemError) => error,
      );
      await Promise.resolve();
      for (const chunk of chunks) channel.push(Buffer.from(chunk, 'latin1'));
      const got = await result;
      if (got instanceof ModemError) t.deepEqual([got.code, got.number], [code, number]);
      else t.deepEqual(got, answer);
      t.deepEqual(
        heard.map(({ line, pdu: its }) => (its === undefined ? line : `${line} ${its}`)),
        unsolicited,
      );
    }
  });

test('has one command in flight, and the next one waits', async (t) => {
  const { channel, written } = open();
  const first = channel.execute(csq);
  const second = channel.execute(at);
  await new Promise(setImmediate);
  t.deepEqual(written, ['AT+CSQ\r']);
  channel.push(Buffer.from('\r\n+CSQ: 20,99\r\nOK\r\n'));
  await first;
  await new Promise(setImmediate);
  t.deepEqual(written, ['AT+CSQ\r', 'AT\r']);
  channel.push(Buffer.from('OK\r\n'));
  t.deepEqual(await second, []);
});

test('gives up after 16 seconds without an answer, and says whether anything was read', async (t) => {
  const { channel, clock } = open();
  const before = clock.now();
  const error = await t.throwsAsync<ModemError>(clock.until(channel.execute(csq)), { code: 'NO_ANSWER' });
  t.is(clock.now() - before, 16_000);
  t.false(error.hasRead);
  t.true(channel.isInDoubt);
});

test('leaves a prompt that does not come with ESC, and is sure that nothing was sent', async (t) => {
  const { channel, clock, written } = open();
  await t.throwsAsync(clock.until(channel.execute(cmgs)), { code: 'NO_PROMPT' });
  t.deepEqual(written, ['AT+CMGS=23\r', '\x1b']);
  t.false(channel.isSendUnknown);
});

test('does not know what became of a text without an answer after Ctrl-Z, or whose line broke', async (t) => {
  for (const breaks of [false, true]) {
    const { channel, clock } = open();
    const outcome = channel.execute({ ...cmgs, timeoutMilliseconds: 60_000 });
    await Promise.resolve();
    channel.push(Buffer.from('\r\n> '));
    if (breaks) channel.end(new ModemError('LINE_CLOSED'));
    await t.throwsAsync(clock.until(outcome), { code: 'NO_OUTCOME' });
    t.true(channel.isSendUnknown);
  }
});

test('takes a reference for the outcome though the OK behind it never comes', async (t) => {
  const { channel, clock } = open();
  const outcome = channel.execute(cmgs);
  await Promise.resolve();
  channel.push(Buffer.from('\r\n> \r\n+CMGS: 7\r\n'));
  t.deepEqual(await clock.until(outcome), [{ line: '+CMGS: 7' }]);
});

test('finds its way back by ESC and AT, and not before one OK comes alone', async (t) => {
  const { channel, clock, written } = open();
  const isBack = channel.resync(true);
  await clock.untilTrue(() => written.at(-1) === 'AT\r');
  channel.push(Buffer.from('OK\r\nOK\r\n'));
  await clock.untilTrue(() => written.length === 3);
  channel.push(Buffer.from('AT\r\r\nOK\r\n'));
  await clock.until(isBack);
  t.deepEqual(written, ['\x1b\r', 'AT\r', 'AT\r']);
});

test('tries Ctrl-Z only where ESC got no answer', async (t) => {
  const { channel, clock, written } = open();
  await t.throwsAsync(clock.until(channel.resync(true)), { code: 'NO_ANSWER' });
  const ways = written.filter((text) => text !== 'AT\r');
  t.deepEqual(ways, ['\x1b\r', '\x1b\r', '\x1b\r', '\x1a\r', '\x1a\r', '\x1a\r']);
});

test('never tries Ctrl-Z where the last text may wait at the prompt', async (t) => {
  const { channel, clock, written } = open();
  const outcome = channel.execute(cmgs);
  await Promise.resolve();
  channel.push(Buffer.from('\r\n> '));
  await t.throwsAsync(clock.until(outcome), { code: 'NO_OUTCOME' });
  written.length = 0;
  await t.throwsAsync(clock.until(channel.resync(true)), { code: 'NO_ANSWER' });
  t.false(written.some((text) => text.includes('\x1a')));
});

test('errors name the command and what came last, without numbers and texts', async (t) => {
  const { channel } = open();
  const sent = channel.execute({ text: 'AT+CUSD=1,"*100#",15' });
  await Promise.resolve();
  channel.push(Buffer.from(`\r\n+CMT: "Ada",5\r\n${pdu}\r\n+CLIP: "+447700900123",145\r\n+CMS ERROR: 500\r\n`));
  const error = await t.throwsAsync<ModemError>(sent);
  t.is(error.command, 'AT+CUSD');
  t.deepEqual(error.lastLines, ['+CMT: "…",5', '…', '+CLIP: "…",145', '+CMS ERROR: 500']);
});
