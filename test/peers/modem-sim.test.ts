// The emulated modem before drivers that nobody here wrote, each over a pseudo-terminal.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { openPseudoTerminal } from '../../bench/pseudo-terminal.js';
import { startSmsTools } from '../../bench/smstools.js';
import { ModemSim, type ModemSimOptions } from '../../src/modem-sim/modem-sim.js';
import { alphabetOfScheme } from '../../src/sms/data-coding-scheme.js';
import { NationalLanguage, nationalTablesOf } from '../../src/sms/national/languages.js';
import { startKannelWithModem } from './kannel-modem.js';
import { isAbsent } from './libwbxml.js';

const run = promisify(execFile);
const bob = '+447700900123';
const carol = '+447700900456';

interface Stage {
  sim: ModemSim;
  device: string;
  folder: string;
}

/** A modem at a device, gone with the test. */
async function stage(t: ExecutionContext, options: ModemSimOptions = {}): Promise<Stage> {
  // Short: gnokii knows names of devices up to 32 characters.
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  const sim = new ModemSim(options);
  const { port } = await sim.listen();
  const terminal = await openPseudoTerminal(port, folder);
  t.teardown(async () => {
    await terminal.end();
    await sim.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { sim, device: terminal.path, folder };
}

function areAbsent(t: ExecutionContext, programs: readonly string[]): boolean {
  return programs.some((program) => isAbsent(t, program));
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50);
}

async function gammu({ device, folder }: Stage, ...words: string[]): Promise<string> {
  const file = join(folder, 'gammurc');
  await writeFile(file, `[gammu]\ndevice = ${device}\nconnection = at115200\n`);
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return (await run('gammu', ['-c', file, ...words], { env })).stdout;
}

for (const profile of ['generic', 'huawei-e220', 'siemens-es75', 'simcom-sim800']) {
  test(`gammu identifies ${profile}, sends a long text and reads what arrived`, async (t) => {
    if (areAbsent(t, ['gammu', 'socat'])) return;
    const set = await stage(t, { profile, imei: '356938035643809' });
    t.regex(await gammu(set, 'identify'), /IMEI +: 356938035643809/);
    const text = 'Is the {blue} one 5 € or 6 €? '.repeat(8).trim();
    await gammu(set, 'sendsms', 'TEXT', carol, '-autolen', '400', '-text', text);
    t.deepEqual(
      set.sim.sent.map(({ to }) => to),
      [carol, carol],
    );
    t.is(set.sim.sent.map(({ submit }) => submit.text).join(''), text);
    set.sim.receive({ from: bob, text: 'Gladly, at eight' });
    set.sim.receive({ from: 'Bank', text: 'Добрый день' });
    const read = await gammu(set, 'getallsms');
    t.regex(read, /"\+447700900123"[^]*Gladly, at eight/);
    t.regex(read, /"Bank"[^]*Добрый день/);
  });
}

test('gammu asks the network by a code, and reads an answer in UCS2', async (t) => {
  if (areAbsent(t, ['gammu', 'socat'])) return;
  const set = await stage(t);
  t.regex(await gammu(set, 'getussd', '*103#'), /Service reply +: "Остаток 12,34"/);
});

test('gnokii identifies the modem, sends a text and reads what arrived', async (t) => {
  if (areAbsent(t, ['gnokii', 'socat'])) return;
  const { sim, device, folder } = await stage(t, { imei: '356938035643809' });
  const file = join(folder, 'gnokiirc');
  await writeFile(file, `[global]\nmodel = AT\nport = ${device}\nconnection = serial\nserial_baudrate = 115200\n`);
  const gnokii = (...words: string[]): ReturnType<typeof run> => run('gnokii', ['--config', file, ...words]);
  t.regex(String((await gnokii('--identify')).stdout), /IMEI +: 356938035643809/);
  const sending = gnokii('--sendsms', carol);
  sending.child.stdin!.end('Hello from gnokii');
  await sending;
  t.deepEqual(
    sim.sent.map(({ to, submit }) => [to, submit.text]),
    [[carol, 'Hello from gnokii']],
  );
  sim.receive({ from: bob, text: 'Gladly, at eight' });
  t.regex(String((await gnokii('--getsms', 'SM', '1', '1')).stdout), /Sender: \+447700900123[^]*Gladly, at eight/);
});

test('SMS Server Tools send a text, get its status report and take what arrives', async (t) => {
  if (areAbsent(t, ['smsd', 'socat'])) return;
  const { sim, device, folder } = await stage(t);
  const smsd = await startSmsTools({ device, folder, receives: true });
  t.teardown(() => smsd.end());
  await smsd.put({ name: 'one', to: carol.slice(1), text: 'Hello from smsd' });
  sim.receive({ from: bob, text: 'Gladly, at eight' });
  await until(async () => (await smsd.files('report')).length > 0 && (await smsd.files('incoming')).length > 0);
  const [{ to, submit }] = sim.sent as [(typeof sim.sent)[0]];
  t.deepEqual([to, submit.text, submit.reportWanted, sim.sent.length], [carol, 'Hello from smsd', true, 1]);
  t.regex((await smsd.files('report')).join(), /From: 447700900456\n[^]*Status: 0,/);
  t.regex((await smsd.files('incoming')).join(), /From: 447700900123\n[^]*Gladly, at eight/);
  await until(async () => (await smsd.files('sent')).length === 1);
});

test('SMS Server Tools and the emulator agree on national tables', async (t) => {
  if (areAbsent(t, ['smsd', 'socat'])) return;
  const { sim, device, folder } = await stage(t);
  const smsd = await startSmsTools({ device, folder, receives: true });
  t.teardown(() => smsd.end());
  const text = 'Şimdi İstanbula gidiyorum, ğüşıöç';
  sim.receive({ from: bob, text, nationalLanguages: [NationalLanguage.Turkish] });
  await smsd.put({ name: 'one', to: carol.slice(1), text, language: 'Turkish' });
  await until(async () => (await smsd.files('incoming')).length > 0 && sim.sent.length > 0);
  t.true((await smsd.files('incoming')).join().includes(text), (await smsd.files('incoming')).join());
  const [{ submit }] = sim.sent as [(typeof sim.sent)[0]];
  t.is(submit.text, text);
  t.is(alphabetOfScheme(submit.dataCodingScheme), 'gsm7');
  t.truthy(nationalTablesOf(submit.header).locking ?? nationalTablesOf(submit.header).single);
});

test('Kannel sends a text, gets its status report, and answers what arrives', async (t) => {
  if (areAbsent(t, ['/usr/sbin/bearerbox', 'socat'])) return;
  const { sim, device, folder } = await stage(t);
  const kannel = await startKannelWithModem(device, folder, 'Thank you for: ');
  t.teardown(() => kannel.end());
  await until(() => kannel.send(carol, 'Hello from Kannel'));
  await sim.until('sent', ({ to, text }) => to === carol && text === 'Hello from Kannel');
  t.is((await sim.until('report')).where, 'line');
  sim.receive({ from: bob, text: 'Gladly' });
  t.is((await sim.until('sent', ({ to }) => to === bob)).text, 'Thank you for: Gladly');
});
