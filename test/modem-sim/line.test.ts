import test from 'ava';
import fc from 'fast-check';
import { type AtCommand, readCommandLine, readParameters } from '../../src/modem-sim/command-line.js';
import { limits } from '../../src/modem-sim/limits.js';
import { stage } from './dialogue.js';

for (const body of ['+CMGS&5', '1', '+', 'E0#', '"x"', '+CPIN 1234', '=5']) {
  test(`takes AT${body} for no command line`, (t) => t.is(readCommandLine(body), undefined));
}

const lines: Record<string, string[]> = {
  '': [],
  ' E0 V1': ['E action 0', 'V action 1'],
  'e0q0+cmee=1': ['E action 0', 'Q action 0', '+CMEE set 1'],
  '+CMEE=1;+CREG=2;': ['+CMEE set 1', '+CREG set 2'],
  '&FE0S3=13S5?': ['&F action ', 'E action 0', 'S3 set 13', 'S5 read '],
  '+CNMI=?;+CNMI?;+CMGL': ['+CNMI test ', '+CNMI read ', '+CMGL action '],
  '+CUSD=1,"a;b",15;^CURC=0': ['+CUSD set 1,"a;b",15', '^CURC set 0'],
  'D+447700900123;': ['D action +447700900123;'],
  '+CLIP = 1': ['+CLIP set 1'],
};

for (const [body, commands] of Object.entries(lines)) {
  test(`reads AT${body}`, (t) => {
    const asText = ({ name, form, value }: AtCommand): string => `${name} ${form} ${value}`;
    t.deepEqual(readCommandLine(body)?.map(asText), commands);
  });
}

test('reads parameters that are left out, quoted, or hold commas', (t) => {
  t.deepEqual(readParameters('1,,"a,b" , 5'), ['1', '', 'a,b', '5']);
  t.deepEqual(readParameters(''), ['']);
  t.deepEqual(readParameters('"open, end'), ['open, end']);
});

test('any octets are a command line or none', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (body) => {
      const found = readCommandLine(body);
      return found === undefined || found.every(({ value }) => readParameters(value).length > 0);
    }),
    { seed: 20_261, numRuns: 2000 },
  );
  t.pass();
});

// What a driver might type, with answers, a prompt and echo in it.
const session =
  '\x1b\rAT\rATE1\rAT+CMEE=1;+CREG=2;+CREG?\rAT+CNMI=2,1,0,0,0\rA/AT+CMGS=20\r0001000C91447700099099000008C8329BFD066DCA\x1aAT+CMGS=20\r\x1bATX\rAT+CSQQ\x08\r';

async function said(pieces: readonly string[]): Promise<string> {
  const { terminal } = stage();
  for (const piece of pieces) await terminal.type(piece);
  return terminal.heard();
}

test('a session is answered the same whole, octet by octet, and cut anywhere', async (t) => {
  const whole = await said([session]);
  t.true(whole.endsWith('+CSQ: 20,99\r\n\r\nOK\r\n'), whole);
  t.is(await said([...session]), whole);
  for (let at = 1; at < session.length; at++) {
    t.is(await said([session.slice(0, at), session.slice(at)]), whole, `cut at ${at}`);
  }
});

test('a line without an end is not kept, and the next one is answered', async (t) => {
  const { terminal } = stage();
  await terminal.type('ATE0\r');
  terminal.heard();
  for (let n = 0; n < 20; n++) await terminal.type('x'.repeat(limits.lineCharacters));
  await terminal.type('AT+CSQ\r');
  t.is(terminal.heard(), '\r\n+CSQ: 20,99\r\n\r\nOK\r\n');
});

test('random octets on the line bring it down neither in commands nor at a prompt', async (t) => {
  const { terminal, sim } = stage();
  const octets = fc.sample(fc.uint8Array({ maxLength: 60 }), { seed: 7, numRuns: 300 });
  for (const each of octets) await terminal.type(`AT+CMGS=20\r${Buffer.from(each).toString('latin1')}\rAT`);
  await terminal.type('\x1b\x1b\rATE0\r');
  terminal.heard();
  await terminal.type('AT\r');
  t.is(terminal.heard(), '\r\nOK\r\n');
  t.is(sim.sent.length, 0);
});
