import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { CliError } from '../../src/cli/errors.js';
import { obeyAtModem } from '../../src/cli/modem-sim-input.js';
import { inWords } from '../../src/cli/modem-sim-words.js';
import { ModemSim } from '../../src/modem-sim/modem-sim.js';
import type { SimEvent } from '../../src/modem-sim/events.js';
import { faultGroups } from '../../src/modem-sim/faults.js';
import { settled } from '../modem-sim/dialogue.js';
import { easmsAlone } from './scripted-api.js';

const wrongUsage: Record<string, string[]> = {
  'nowhere to listen': [],
  'an address that is none': ['--listen', '127.0.0.1:7001'],
  'a profile that is not there': ['--listen', 'tcp:127.0.0.1:0', '--profile', 'nokia-3310'],
  'a fault that is not there': ['--listen', 'tcp:127.0.0.1:0', '--fault', 'dance'],
  'a PIN of three digits': ['--listen', 'tcp:127.0.0.1:0', '--pin', '123'],
  'a number twice': [
    ...['--listen', 'tcp:127.0.0.1:0', '--number', '+447700900001'],
    ...['--listen', 'tcp:127.0.0.1:0', '--number', '+447700900001'],
  ],
  'a time that is none': ['--listen', 'tcp:127.0.0.1:0', '--report-ms', 'soon'],
};

for (const [what, words] of Object.entries(wrongUsage)) {
  test(`modem-sim ends with 2 and says why: ${what}`, async (t) => {
    const { status, err } = await easmsAlone('modem-sim', ...words);
    t.is(status, 2);
    t.not(err, '');
  });
}

test('modem-sim --fault list names every fault', async (t) => {
  const { status, out } = await easmsAlone('modem-sim', '--fault', 'list');
  t.is(status, 0);
  for (const name of Object.values(faultGroups).flatMap(Object.keys)) t.regex(out, new RegExp(`^  ${name} `, 'm'));
});

test('modem-sim is two modems on TCP ports that tell what happens and obey what is typed', async (t) => {
  const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const listen = ['--listen', 'tcp:127.0.0.1:0'];
  const child = spawn(process.execPath, [program, 'modem-sim', ...listen, ...listen, '--json'], { stdio: 'pipe' });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
  const first = await next();
  t.like(first, { modem: 1, event: 'ready', number: '+447700900001', profile: 'generic' });
  t.like(await next(), { modem: 2, event: 'ready', number: '+447700900002' });

  const line = connect(Number(String(first['listen']).split(':')[2]), '127.0.0.1');
  t.like(await next(), { modem: 1, event: 'connected' });
  line.write('AT+CMGF=1;+CMGS="+447700900002"\rHello\x1a');
  t.like(await next(), { modem: 1, event: 'sent', to: '+447700900002', text: 'Hello' });
  t.like(await next(), { modem: 2, event: 'received', from: '+447700900001', text: 'Hello' });

  child.stdin.write('Bank Your code is 123\n@2 fault memory-full\n@2 +447700900123 lost?\n@7 unplug\n');
  t.like(await next(), { modem: 1, event: 'received', from: 'Bank', text: 'Your code is 123' });
  t.like(await next(), { modem: 2, event: 'fault', name: 'memory-full' });
  t.regex(String((await once(child.stderr, 'data'))[0]), /^easms: there is no modem 7\n$/);
  line.destroy();
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'exit'), [0, null]);
});

test('what is typed is obeyed, or said to be nothing', async (t) => {
  const sim = new ModemSim();
  for (const line of ['', '  ']) await obeyAtModem([sim], line);
  for (const line of ['+447700900123', '@2 unplug', 'hello']) {
    await t.throwsAsync(obeyAtModem([sim], line), { instanceOf: CliError });
  }
  await t.throwsAsync(obeyAtModem([sim], 'fault dance'), { message: /no fault/ });
  for (const line of ['fault noise', 'no-fault', 'ring +447700900123', 'ring', 'unplug', 'plug', 'say RDY']) {
    await obeyAtModem([sim], line);
  }
  await settled();
  t.deepEqual(
    sim.events.map(({ event }) => event),
    ['ringing', 'hung-up', 'unplugged', 'powered', 'plugged'],
  );
});

const words: [SimEvent, string][] = [
  [
    { event: 'sent', to: '+1', reference: 3, reportWanted: true, text: 'a\x1b[2Jb' },
    'sent         to +1: "a [2Jb" (TP-MR 3)',
  ],
  [
    { event: 'received', from: 'Bank', where: 'line', part: { reference: 1, total: 3, part: 2 }, data: '00ff' },
    'received     from Bank, part 2 of 3: octets 00ff (handed over)',
  ],
  [
    { event: 'report', to: '+1', reference: 3, status: 0, where: { memory: 'SR', index: 1 } },
    'report       about TP-MR 3 to +1: status 0 (SR 1)',
  ],
  [{ event: 'refused', to: '+1', error: '+CMS ERROR: 500' }, 'refused      to +1: +CMS ERROR: 500'],
  [{ event: 'fault', name: 'noise', command: 'CSQ' }, 'fault        noise on CSQ'],
  [{ event: 'line', from: 'modem', text: '+CMGR: 1\n00' }, 'line         < +CMGR: 1\n             < 00'],
  [{ event: 'unplugged' }, 'unplugged'],
];

for (const [event, sentence] of words) {
  test(`modem-sim tells of ${event.event} in words`, (t) => t.is(inWords(event), sentence));
}
