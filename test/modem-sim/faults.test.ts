import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { ModemSimError } from '../../src/modem-sim/errors.js';
import { FaultSwitches } from '../../src/modem-sim/fault-switches.js';
import { faultGroups } from '../../src/modem-sim/faults.js';
import { profiles } from '../../src/modem-sim/profiles.js';
import { stage, type Stage, settled, terminalAt } from './dialogue.js';

const names = Object.values(faultGroups).flatMap(Object.keys);

for (const written of [
  ...['', 'dance', 'cms', 'cms-', 'cms-1234', 'NOISE'],
  ...['noise:nth=0', 'noise:nth=x', 'noise:p=2', 'noise:every=0', 'noise:ms=5', 'noise:nth', 'late-answers:ms=soon'],
]) {
  test(`takes "${written}" for no fault`, (t) => {
    t.throws(() => new FaultSwitches().add(written), { instanceOf: ModemSimError });
  });
}

/** The occasions, counted from 1, at which it strikes. */
function strikesOf(written: string, occasions = 12): number[] {
  const faults = new FaultSwitches();
  faults.add(written);
  return Array.from({ length: occasions }, (_, n) => n + 1).filter(() => faults.strike('noise'));
}

test('a fault strikes the n-th time, every so many times, or so many times', (t) => {
  t.is(strikesOf('noise').length, 12);
  t.deepEqual(strikesOf('noise:nth=3'), [3]);
  t.deepEqual(strikesOf('noise:nth=3-5'), [3, 4, 5]);
  t.deepEqual(strikesOf('noise:nth=10-'), [10, 11, 12]);
  t.deepEqual(strikesOf('noise:every=5'), [1, 6, 11]);
  t.deepEqual(strikesOf('noise:nth=2-,times=2'), [2, 3]);
});

test('a fault by chance strikes at the same times with the same seed', (t) => {
  const struck = strikesOf('noise:p=0.25,seed=7', 4000);
  t.deepEqual(strikesOf('noise:p=0.25,seed=7', 4000), struck);
  t.notDeepEqual(strikesOf('noise:p=0.25,seed=8', 4000), struck);
  t.true(struck.length > 900 && struck.length < 1100, `${struck.length} of 4000`);
});

test('a fault that is bound to a command or a recipient leaves the others alone', (t) => {
  const faults = new FaultSwitches();
  faults.add('cms-500:on=cmgr');
  faults.add('cms-42:to=+447700900123');
  t.is(faults.number('cms', { command: 'CMGS', to: '+447700900999' }), undefined);
  t.is(faults.number('cms', { command: 'CMGS', to: '+447700900123' }), 42);
  t.is(faults.number('cms', { command: 'CMGR' }), 500);
  faults.remove('cms-500');
  t.is(faults.number('cms', { command: 'CMGR' }), undefined);
});

const page = readFileSync(new URL('../../../docs/modem-sim.md', import.meta.url), 'utf8');

test('docs/modem-sim.md lists every fault and profile, and no other', (t) => {
  const documented = [
    ...page
      .split('## Faults')[1]!
      .split('### ')
      .slice(1)
      .join()
      .matchAll(/^\| `([^`]+)`/gm),
  ];
  t.deepEqual(
    documented.map(([, name]) => name),
    names,
  );
  const listed = [
    ...page
      .split('## Profiles')[1]!
      .split('## Faults')[0]!
      .matchAll(/^\| `([^`]+)`/gm),
  ];
  t.deepEqual(
    listed.map(([, name]) => name),
    Object.keys(profiles),
  );
});

test('docs/modem-sim.md says of every fault what --fault list says', (t) => {
  for (const [name, { what, on }] of Object.values(faultGroups).flatMap(Object.entries)) {
    t.true(page.includes(`| \`${name}\` | ${what}`), name);
    t.regex(page, new RegExp(`^\\| \`${name}\` .*\\| ${on === undefined ? '' : `\`${on}\``} *\\|$`, 'm'));
  }
});

// To +447700900999, which nobody has: "Hello €", a status report wanted.
const hello = '0021000C91447700099099000008C8329BFD066DCA';
const answer = '\r\n+CMGS: 0\r\n\r\nOK\r\n';
const reportOf = (status: string): string => `\r\n+CDS: 25\r\n${centre}06000C9144770009909962110321000000${status}\r\n`;
const centre = '0791447700090000';
const delivered = reportOf('6211032100000000');

type Demonstration = (t: ExecutionContext, set: Stage) => Promise<void>;

/** What is said after something is typed. */
async function ask({ terminal }: Stage, typed: string): Promise<string> {
  terminal.heard();
  await terminal.type(typed);
  return terminal.heard();
}

async function sendHello(set: Stage): Promise<string> {
  const prompt = await ask(set, 'AT+CMGS=20\r');
  return prompt + (await ask(set, `${hello}\x1a`));
}

function saying(typed: string, said: string): Demonstration {
  return async (t, set) => void t.is(await ask(set, typed), said);
}

function sending(said: string, taken: number): Demonstration {
  return async (t, set) => {
    t.is(await sendHello(set), said);
    t.is(set.sim.sent.length, taken);
  };
}

/** Two texts come in. */
function receiving(said: string): Demonstration {
  return async (t, set) => {
    set.terminal.heard();
    for (const text of ['one', 'two']) set.sim.receive({ from: '+447700900123', text });
    await settled();
    t.is(set.terminal.heard(), said);
  };
}

const places = (...indexes: string[]): string => indexes.map((index) => `\r\n+CMTI: ${index}\r\n`).join('');

// The line has no echo, +CMEE=1 and +CNMI=2,1,0,1,0.
const demonstrations: Readonly<Record<string, Demonstration>> = {
  'echo-on': saying('ATE0\rAT\r', 'ATE0\r\r\nOK\r\nAT\r\r\nOK\r\n'),
  'echo-off': saying('ATE1\rAT\r', '\r\nOK\r\n\r\nOK\r\n'),
  'echo-urc': async (t, set) => {
    await ask(set, 'ATE1\r');
    t.is(await ask(set, 'AT+CSQ\r'), 'AT+\r\n+CIEV: 2,4\r\nCSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n');
  },
  'split-lines': async (t, set) => {
    await set.terminal.type('AT\r');
    for (let n = 0; n < 4; n++) await settled();
    t.deepEqual(set.terminal.pieces.slice(-6), [...'\r\nOK\r\n']);
  },
  'glued-lines': saying('AT+CSQ\r', '+CSQ: 20,99\r\nOK\r\n'),
  'cr-only': saying('AT+CSQ\r', '\r+CSQ: 20,99\r\rOK\r'),
  'lf-only': saying('AT+CSQ\r', '\n+CSQ: 20,99\n\nOK\n'),
  'no-space': saying('AT+CMGR=9\rAT+CSQ\r', '\r\n+CMS ERROR:321\r\n\r\n+CSQ:20,99\r\n\r\nOK\r\n'),
  'bare-prompt': saying('AT+CMGS=20\r', '\r\n>'),
  noise: saying('AT\r', '\x00\xff~\x80\r\nOK\r\n'),
  'urc-in-answers': saying('AT+CSQ\r', '\r\n+CSQ: 20,99\r\n\r\n+CIEV: 2,4\r\n\r\nOK\r\n'),
  'error-and-ok': saying('AT+CMGR=9\r', '\r\nERROR\r\n\r\nOK\r\n'),
  'missing-final': saying('AT+CSQ\r', '\r\n+CSQ: 20,99\r\n'),
  'late-answers': async (t, set) => {
    t.is(await ask(set, 'AT+CSQ\r'), '');
    await set.clock.pass(999);
    t.is(await ask(set, 'AT+CREG?\r'), '');
    await set.clock.pass(10_000);
    t.is(set.terminal.heard(), '\r\n+CSQ: 20,99\r\n\r\nOK\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n');
  },
  hang: async (t, set) => {
    t.is(await ask(set, 'AT\r'), '');
    t.is(await ask(set, 'AT\r'), '');
    set.sim.removeFault();
    t.is(await ask({ ...set, terminal: terminalAt(set.sim) }, 'AT\r'), '\r\nOK\r\n');
  },
  dead: async (t, set) => {
    t.is(await ask(set, 'AT\r'), '');
    set.sim.removeFault();
    t.is(await ask({ ...set, terminal: terminalAt(set.sim) }, 'AT\r'), '');
    set.sim.unplug();
    await set.sim.plug();
    t.is(await ask({ ...set, terminal: terminalAt(set.sim) }, 'AT\r'), 'AT\r\r\nOK\r\n');
  },
  'unplug:ms=2000,on=CSQ': async (t, set) => {
    t.is(await ask(set, 'AT+CSQ\r'), '');
    t.true(set.terminal.destroyed);
    t.true(terminalAt(set.sim).destroyed, 'nobody is there');
    await set.clock.pass(2000);
    t.is(await ask({ ...set, terminal: terminalAt(set.sim) }, 'AT\r'), 'AT\r\r\nOK\r\n');
  },
  'restart:on=CSQ': async (t, set) => {
    t.is(await ask(set, 'AT+CSQ\r'), '');
    t.is(await ask(set, 'AT+CNMI?\r'), 'AT+CNMI?\r\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n');
  },
  'cme-30': saying('AT+CSQ\r', '\r\n+CME ERROR: 30\r\n'),
  'cms-500': sending('\r\n> \r\n+CMS ERROR: 500\r\n', 0),
  error: saying('AT+CSQ\r', '\r\nERROR\r\n'),
  'missing-prompt': async (t, set) => {
    t.is(await ask(set, 'AT+CMGS=20\r'), '');
    t.is(await ask(set, '\x1b'), '\r\nOK\r\n');
  },
  'late-prompt': async (t, set) => {
    t.is(await ask(set, 'AT+CMGS=20\r'), '');
    await set.clock.pass(3000);
    t.is(set.terminal.heard(), '\r\n> ');
  },
  'wrong-length-waits': async (t, set) => {
    t.is(await ask(set, `AT+CMGS=21\r${hello}\x1a`), '\r\n> ');
    t.is(await ask(set, 'AT\r'), '\r\nOK\r\n');
  },
  'hang-after-ctrl-z': async (t, set) => {
    await sending('\r\n> ', 1)(t, set);
    t.is(await ask(set, 'AT\r'), '');
  },
  'silent-after-ctrl-z': async (t, set) => {
    await sending(`\r\n> ${delivered}`, 1)(t, set);
    t.is(await ask(set, 'AT\r'), '\r\nOK\r\n');
  },
  'late-after-ctrl-z': async (t, set) => {
    await sending('\r\n> ', 1)(t, set);
    await set.clock.pass(5000);
    t.is(set.terminal.heard(), answer + delivered);
  },
  'lost-after-ctrl-z': sending('\r\n> ', 0),
  'unplug-after-ctrl-z': async (t, set) => {
    await sending('\r\n> ', 1)(t, set);
    t.true(set.terminal.destroyed);
  },
  'taken-cms-332': sending(`\r\n> \r\n+CMS ERROR: 332\r\n${delivered}`, 1),
  'mr-zero': async (t, set) => {
    await sendHello(set);
    await sendHello(set);
    t.deepEqual(
      set.sim.sent.map(({ reference }) => reference),
      [0, 0],
    );
  },
  'no-smsc': async (t, set) => {
    t.is(await ask(set, 'AT+CSCA?\r'), '\r\n+CSCA: "",129\r\n\r\nOK\r\n');
    await sending('\r\n> \r\n+CMS ERROR: 330\r\n', 0)(t, set);
    await ask(set, 'AT+CSCA="+447700900000",145\r');
    await sending(`\r\n> ${answer}${delivered}`, 1)(t, set);
  },
  'no-report': sending(`\r\n> ${answer}`, 1),
  'report-before-answer': sending(`\r\n> ${delivered}${answer}`, 1),
  'report-late': async (t, set) => {
    await sending(`\r\n> ${answer}`, 1)(t, set);
    await set.clock.pass(60_000);
    t.is(set.terminal.heard(), reportOf('6211032110000000'));
  },
  'report-twice': sending(`\r\n> ${answer}${delivered}${delivered}`, 1),
  'report-temporary': sending(`\r\n> ${answer}${reportOf('6211032100000030')}${delivered}`, 1),
  'report-failed:status=0x41': sending(`\r\n> ${answer}${reportOf('6211032100000041')}`, 1),
  'report-national': async (t, set) => {
    const national = '06000B817007900099F96211032100000062110321000000';
    t.is(await sendHello(set), `\r\n> ${answer}\r\n+CDS: 25\r\n${centre}${national}00\r\n`);
  },
  'reports-reversed:nth=1': async (t, set) => {
    await sendHello(set);
    const said = await sendHello(set);
    t.deepEqual(
      [...said.matchAll(/0006(0\d)0C91/g)].map(([, reference]) => reference),
      ['01', '00'],
    );
  },
  'deliver-twice:nth=1': receiving(places('"SM",1', '"SM",2', '"SM",3')),
  'deliver-late:nth=1': async (t, set) => {
    await receiving(places('"SM",1'))(t, set);
    await set.clock.pass(60_000);
    t.is(set.terminal.heard(), places('"SM",2'));
  },
  'parts-reversed:nth=1': async (t, set) => {
    await receiving(places('"SM",1', '"SM",2'))(t, set);
    t.deepEqual(
      set.sim.events.flatMap((event) => (event.event === 'received' ? [event.text] : [])),
      ['two', 'one'],
    );
  },
  'part-missing:nth=1': receiving(places('"SM",1')),
  'no-cmti:nth=1': receiving(places('"SM",2')),
  'cmti-other-memory:nth=2': receiving(places('"SM",1', '"ME",1')),
  'memory-full': async (t, set) => {
    await receiving('')(t, set);
    t.is(await ask(set, `AT+CMGW=20\r${hello}\x1a`), '\r\n> \r\n+CMS ERROR: 322\r\n');
    set.sim.removeFault();
    await settled();
    t.is(set.terminal.heard(), places('"SM",1', '"SM",2'));
  },
  'index-jumps': receiving(places('"SM",6', '"SM",12')),
  'bad-pdu': async (t, set) => {
    await receiving(places('"SM",1', '"SM",2'))(t, set);
    const [, length, pdu] = /\+CMGR: 0,,(\d+)\r\n([\dA-F]+)\r\n/.exec(await ask(set, 'AT+CMGR=1\r'))!;
    t.true(pdu!.length < Number(length) * 2);
  },
  'cmgl-stalls': async (t, set) => {
    await receiving(places('"SM",1', '"SM",2'))(t, set);
    t.regex(await ask(set, 'AT+CMGL=4\r'), /^\r\n\+CMGL: 1,0,,\d+\r\n[\dA-F]+\r\n$/);
    t.is(await ask(set, 'AT\r'), '');
  },
  'cnmi-lost': async (t, set) => {
    await receiving('')(t, set);
    t.is(await ask(set, 'AT+CNMI?\r'), '\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n');
  },
  'sim-missing': saying('AT+CPIN?\rAT+CPMS?\r', '\r\n+CME ERROR: 10\r\n\r\n+CMS ERROR: 310\r\n'),
  'sim-busy:times=2': saying(
    'AT+CPIN?\rAT+CNMA\rAT+CPIN?\r',
    '\r\n+CME ERROR: 14\r\n\r\n+CMS ERROR: 314\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n',
  ),
  'sim-failure': saying('AT+CPIN?\r', '\r\n+CME ERROR: 13\r\n'),
  'sim-puk': saying('AT+CPIN?\rAT+CIMI\r', '\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n\r\n+CME ERROR: 12\r\n'),
  'cpin-quoted': saying('AT+CPIN?\r', '\r\n+CPIN: "READY"\r\n\r\nOK\r\n'),
  searching: async (t, set) => {
    t.is(await ask(set, 'AT+CREG?\r'), '\r\n+CREG: 0,2\r\n\r\nOK\r\n');
    await sending('\r\n> \r\n+CMS ERROR: 331\r\n', 0)(t, set);
  },
  denied: saying('AT+CREG?\r', '\r\n+CREG: 0,3\r\n\r\nOK\r\n'),
  roaming: saying('AT+CREG?\r', '\r\n+CREG: 0,5\r\n\r\nOK\r\n'),
  'sms-only': saying('AT+CREG?\r', '\r\n+CREG: 0,6\r\n\r\nOK\r\n'),
  'no-signal': saying('AT+CSQ\r', '\r\n+CSQ: 99,99\r\n\r\nOK\r\n'),
  'ussd-late': async (t, set) => {
    t.is(await ask(set, 'AT+CUSD=1,"*100#",15\r'), '\r\nOK\r\n');
    await set.clock.pass(10_000);
    t.is(set.terminal.heard(), '\r\n+CUSD: 0,"Your balance is 12.34 EUR",15\r\n');
  },
  'ussd-silent': async (t, set) => {
    t.is(await ask(set, 'AT+CUSD=1,"*100#",15\r'), '\r\nOK\r\n');
    await set.clock.pass(100_000);
    t.is(set.terminal.heard(), '');
  },
};

for (const [written, demonstrate] of Object.entries(demonstrations)) {
  test(`fault ${written}`, async (t) => {
    const set = stage();
    await set.terminal.type('ATE0+CMEE=1;+CNMI=2,1,0,1,0\r');
    set.terminal.heard();
    set.sim.addFault(written);
    await demonstrate(t, set);
  });
}

test('every fault is shown by a test', (t) => {
  const shown = Object.keys(demonstrations).map((written) => written.split(':')[0]!.replace(/-\d+$/, '-NNN'));
  t.deepEqual(shown, names);
});
