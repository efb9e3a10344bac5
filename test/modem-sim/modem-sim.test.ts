import test from 'ava';
import { converse, stage } from './dialogue.js';

// To +447700900999, which nobody has: "Hello €", a status report wanted.
const hello = '0021000C91447700099099000008C8329BFD066DCA';

test('a wrong PIN is counted, the third one asks for the PUK, and the PUK sets a new PIN', async (t) => {
  await converse(
    t,
    stage({ pin: '1234' }),
    `
    > AT+CMEE=1;+CPIN?
    < +CPIN: SIM PIN
    < OK
    > AT+CIMI
    < +CME ERROR: 11
    > AT+CPMS?
    < +CMS ERROR: 311
    > AT+CPIN="1111"
    < +CME ERROR: 16
    > AT+CPINR="SIM PIN"
    < +CPINR: SIM PIN,2,3
    < OK
    > AT+CPIN=1111
    < +CME ERROR: 16
    > AT+CPIN="1111"
    < +CME ERROR: 12
    > AT+CPIN?
    < +CPIN: SIM PUK
    < OK
    > AT+CPIN="1234"
    < +CME ERROR: 12
    > AT+CPIN="12345678","4321"
    < OK
    > AT+CPIN?
    < +CPIN: READY
    < OK
    > AT+CFUN=1,1
    < OK
    > AT+CPIN?
    # Echo is on again after the restart.
    < AT+CPIN?
    < +CPIN: SIM PIN
    < OK
    > ATE0+CPIN="4321"
    < ATE0+CPIN="4321"
    < OK
    `,
  );
});

test('a message is refused whose length is not that of its TPDU', async (t) => {
  const { sim, ...rest } = stage();
  await converse(
    t,
    { sim, ...rest },
    `
    > AT+CMGS=21
    >> ${hello}
    < +CMS ERROR: 304
    > AT+CMGS=20
    >> ${hello}FF
    < +CMS ERROR: 304
    > AT+CMGS=20
    >> no hexadecimal digits
    < +CMS ERROR: 304
    > AT+CMGS=0
    < +CMS ERROR: 304
    > AT+CMGS=20
    >! ${hello}
    < OK
    `,
  );
  t.is(sim.sent.length, 0);
});

test('a message is taken by the network, and its status report follows the answer', async (t) => {
  const { sim, ...rest } = stage();
  await converse(
    t,
    { sim, ...rest },
    `
    > AT+CNMI=2,1,0,1,0
    < OK
    > AT+CMGS=20
    >> ${hello}
    < +CMGS: 0
    < OK
    < +CDS: 25
    < 079144770009000006000C91447700099099621103210000006211032100000000
    > AT+CMGS=20
    >> ${hello}
    < +CMGS: 1
    < OK
    < +CDS: 25
    < 079144770009000006010C91447700099099621103210000006211032100000000
    `,
  );
  t.deepEqual(
    sim.sent.map(({ to, reference, submit }) => [to, reference, submit.text]),
    [
      ['+447700900999', 0, 'Hello €'],
      ['+447700900999', 1, 'Hello €'],
    ],
  );
});
