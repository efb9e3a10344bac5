import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { joinParts } from '../../src/modem-sim/joined-parts.js';
import { ModemSim } from '../../src/modem-sim/modem-sim.js';
import { addressOf } from '../../src/sms/tpdu/address.js';
import { writePdu } from '../../src/sms/tpdu/pdu.js';
import { encodeSubmit } from '../../src/sms/tpdu/submit.js';
import { concatenationElement } from '../../src/sms/user-data-header.js';
import { converse, settled, stage, terminalAt } from './dialogue.js';

test('a long message goes from one modem to another octet by octet, in order, and reports come back when it is there', async (t) => {
  const set = stage();
  const other = stage({ network: set.network, number: '+447700900002' });
  other.sim.unplug();
  // Turkish locking shift and concatenation in the header; a class; the text is not read on its way.
  const header = '0B0003A502010802AA5524010133';
  const part = (n: string): string =>
    `61000C9144770009002000F11A${header.slice(0, 10)}${n}${header.slice(12)}C8329BFD06DDDF72363904`;
  for (const n of ['01', '02']) {
    const hex = part(n);
    await set.terminal.type(`AT+CMGS=${hex.length / 2}\r`);
    await set.terminal.type(`00${hex}\x1a`);
  }
  t.is(set.sim.sent.length, 2, set.terminal.heard());
  t.is(other.sim.waiting, 2);
  t.deepEqual(
    set.sim.events.filter(({ event }) => event === 'report'),
    [],
  );
  await other.sim.plug();
  await settled();
  const terminal = terminalAt(other.sim);
  await terminal.type('ATE0\r');
  terminal.heard();
  await terminal.type('AT+CMGL=4\r');
  const said = terminal.heard();
  for (const n of ['01', '02']) t.true(said.includes(part(n).slice(26)), said);
  t.is(set.sim.events.filter(({ event }) => event === 'report').length, 2);
});

test('a message that nobody fetches within its validity is given up, and the report says so', async (t) => {
  const set = stage();
  const other = stage({ network: set.network });
  other.sim.unplug();
  await converse(
    t,
    set,
    `
    > AT+CNMI=2,1,0,1,0
    < OK
    # TP-VP 0: five minutes
    > AT+CMGS=21
    >> 0031000C9144770009002000000008C8329BFD066DCA
    < +CMGS: 0
    < OK
    ~ 299s
    ~ 61s
    < +CDS: 25
    # The centre looks again every 30 seconds.
    < 079144770009000006000C91447700090020621103210000006211032150030046
    `,
  );
  await other.sim.plug();
  t.is(other.sim.waiting, 0);
});

test('a number has one subscriber, and the line belongs to whoever opened it last', (t) => {
  const set = stage();
  for (const number of [set.sim.number, '447700900123', '+44 7700']) {
    t.throws(() => stage({ network: set.network, number }), { message: /a number of its own/ });
  }
  const second = terminalAt(set.sim);
  t.true(set.terminal.destroyed);
  t.false(second.destroyed);
});

test('a modem on a TCP port is gone when it is unplugged, and back at the same port or at another', async (t) => {
  const sim = new ModemSim();
  t.teardown(() => sim.close());
  const { port } = await sim.listen();
  const line = connect(port, '127.0.0.1');
  await once(line, 'connect');
  await sim.until('connected');
  sim.unplug();
  await once(line, 'close');
  const refused = connect(port, '127.0.0.1');
  t.is(((await once(refused, 'error'))[0] as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  await sim.plug();
  const again = connect(port, '127.0.0.1');
  again.write('AT\r');
  t.is(String((await once(again, 'data'))[0]), 'AT\r\r\nOK\r\n');
  await t.throwsAsync(new ModemSim().listen({ port }), { message: /cannot be listened on/ });
});

test('parts that were sent are put together, and what is lost or doubled is left over', async (t) => {
  const { sim, terminal } = stage();
  const send = async (reference: number, part: number, total: number): Promise<void> => {
    const content = { header: [concatenationElement({ reference, part, total })], text: `${reference}.${part} ` };
    const { hex, length } = writePdu({
      serviceCentre: undefined,
      tpdu: encodeSubmit({ ...content, destination: addressOf('+447700900999') }),
    });
    await terminal.type(`AT+CMGS=${length}\r${hex}\x1a`);
  };
  for (const part of [2, 1, 3]) await send(7, part, 3);
  for (const part of [1, 1, 2]) await send(8, part, 2);
  await send(9, 2, 2);
  const { messages, leftOver } = joinParts(sim.sent);
  t.deepEqual(
    messages.map(({ text, parts }) => [text, parts]),
    [
      ['7.1 7.2 7.3 ', 3],
      ['8.1 8.2 ', 2],
    ],
  );
  t.deepEqual(
    leftOver.map(({ submit }) => submit.text),
    ['8.1 ', '9.2 '],
  );
});
