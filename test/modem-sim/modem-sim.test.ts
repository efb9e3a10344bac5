import test from 'ava';
import { converse, settled, stage } from './dialogue.js';

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

test('what arrives is stored and told, read once unread, and deleted by its flags', async (t) => {
  const set = stage();
  set.sim.receive({ from: '+447700900123', text: 'one' });
  set.sim.receive({ from: 'Bank', text: 'two' });
  await settled();
  await converse(
    t,
    set,
    `
    > AT+CPMS?
    < +CPMS: "SM",2,50,"SM",2,50,"SM",2,50
    < OK
    > AT+CMGR=1
    < +CMGR: 0,,22
    < 0791447700090000040C91447700091032000062110321000000036F7719
    < OK
    > AT+CMGL=1
    < +CMGL: 1,1,,22
    < 0791447700090000040C91447700091032000062110321000000036F7719
    < OK
    > AT+CMGR=3
    < +CMS ERROR: 321
    > AT+CMGD=1,1
    < OK
    > AT+CPMS="SM"
    < +CPMS: 1,50,1,50,1,50
    < OK
    > AT+CMGD=51
    < +CMS ERROR: 321
    > AT+CMGD=?
    < +CMGD: (2),(0-4)
    < OK
    > AT+CMGD=1,4
    < OK
    > AT+CMGL=4
    < OK
    > AT+CPMS="XX"
    < +CMS ERROR: 302
    > AT+CPMS="ME","ME","ME";+CPMS?
    < +CPMS: 0,255,0,255,0,255
    < +CPMS: "ME",0,255,"ME",0,255,"ME",0,255
    < OK
    `,
  );
});

test('what is handed over has to be acknowledged with +CSMS=1, or routing ends and the centre brings it again', async (t) => {
  const set = stage();
  await converse(t, set, '> AT+CSMS=1;+CNMI=2,2,0,1,0\n < +CSMS: 1,1,1\n < OK\n > AT+CNMA\n < +CMS ERROR: 340');
  for (const text of ['one', 'two']) set.sim.receive({ from: '+447700900123', text });
  await converse(
    t,
    set,
    `
    # One at a time; the first was said while echo was switched off.
    > AT+CNMA
    < OK
    < +CMT: ,22
    < 0791447700090000040C9144770009103200006211032100000003F4FB1B
    ~ 14s
    > AT+CNMI?
    < +CNMI: 2,2,0,1,0
    < OK
    ~ 1s
    > AT+CNMI?
    < +CNMI: 2,0,0,0,0
    < OK
    > AT+CPMS?
    < +CPMS: "SM",0,50,"SM",0,50,"SM",0,50
    < OK
    > AT+CNMI=2,1
    < OK
    < +CMTI: "SM",1
    `,
  );
  t.is(set.sim.waiting, 0);
});

test('messages that are handed over without +CSMS=1 need no acknowledgement; class 2 is stored all the same', async (t) => {
  const set = stage();
  await converse(t, set, '> AT+CNMI=2,2,0,0,0\n < OK');
  set.sim.receive({ from: '+447700900123', text: 'one' });
  set.sim.receive({ from: '+447700900123', text: 'two', dataCodingScheme: 0x12 });
  await settled();
  t.is(
    set.terminal.heard(),
    '\r\n+CMT: ,22\r\n0791447700090000040C91447700091032000062110321000000036F7719\r\n\r\n+CMTI: "SM",1\r\n',
  );
});

test('indications wait in the modem with mode 0, and are told or cleared by bfr', async (t) => {
  const set = stage();
  await converse(t, set, '> AT+CNMI=0,1,0,0,0\n < OK');
  set.sim.receive({ from: '+447700900123', text: 'one' });
  await settled();
  t.is(set.terminal.heard(), '');
  await converse(t, set, '> AT+CNMI=2,1,0,0,0\n < OK\n < +CMTI: "SM",1\n > AT+CNMI=0\n < OK');
  set.sim.receive({ from: '+447700900123', text: 'two' });
  await converse(t, set, '> AT+CNMI=2,1,0,0,1\n < OK\n > AT\n < OK');
});

test('profiles refuse what the maker does not know', async (t) => {
  await converse(
    t,
    stage({ profile: 'siemens-es75' }),
    `
    > AT+CNMI=2,1,0,2,1
    < +CMS ERROR: 303
    > AT+CNMI=?
    < +CNMI: (0-2),(0-2),(0,2),(0,1),(1)
    < OK
    > AT+CSCS="IRA"
    < ERROR
    > AT+CPMS="SR"
    < +CMS ERROR: 302
    > AT^SPIC
    < ^SPIC: 3
    < OK
    `,
  );
  await converse(
    t,
    stage({ profile: '2n-voiceblue' }),
    `
    > AT+CMGF=1
    < +CMS ERROR: 303
    > AT+CMMS=1
    < ERROR
    `,
  );
  await converse(t, stage({ profile: 'mtcba-g-f2' }), '> AT+CMGL=4\n < +CMS ERROR: 321');
  await converse(t, stage({ profile: 'nokia-e51' }), '> AT+CMGL=4\n < ERROR');
});

test('a Huawei stick counts from 0 and loses its line with a restart', async (t) => {
  const set = stage({ profile: 'huawei-e220', pin: '1234' });
  await converse(t, set, '> AT+CPIN="1234";+CNMI=2,1\n < OK\n > AT^CPIN?\n < ^CPIN: READY,,10,3,10,3\n < OK');
  set.sim.receive({ from: '+447700900123', text: 'one' });
  await settled();
  t.is(set.terminal.heard(), '\r\n+CMTI: "SM",0\r\n');
  await converse(t, set, '> AT+CFUN=1,1\n < OK');
  t.true(set.terminal.destroyed);
  t.is(set.sim.events.filter(({ event }) => event === 'powered').length, 1);
});

test('in text mode texts, numbers and reports are written in the character set of +CSCS', async (t) => {
  const set = stage();
  await converse(
    t,
    set,
    `
    > AT+CMGF=1;+CSCS="IRA";+CSMP=49,167,0,0;+CNMI=2,1,0,1,0
    < OK
    > AT+CMGS="+447700900999"
    >> Hello {there}
    < +CMGS: 0
    < OK
    < +CDS: 6,0,"+447700900999",145,"26/11/30,12:00:00+00","26/11/30,12:00:00+00",0
    > AT+CMGS="word with blanks"
    >> ${'x'.repeat(161)}
    < +CMS ERROR: 305
    > AT+CMGW="07700900123",129
    >> stored
    < +CMGW: 1
    < OK
    > AT+CMSS=1
    < +CMSS: 1
    < OK
    < +CDS: 6,1,"07700900123",129,"26/11/30,12:00:00+00","26/11/30,12:00:00+00",0
    > AT+CMGR=1
    < +CMGR: "STO SENT","07700900123",
    < stored
    < OK
    > AT+CSCS="UCS2";+CSCA?
    < +CSCA: "002B003400340037003700300030003900300030003000300030",145
    < OK
    > AT+CSMP=17,167,0,8;+CMGS="002B0034003400370037003000300039003000300039003900390038"
    >> 0141006B
    < +CMGS: 2
    < OK
    > AT+CMGL="SOME"
    < +CMS ERROR: 305
    `,
  );
  t.deepEqual(
    set.sim.sent.map(({ to, submit }) => [to, submit.text]),
    [
      ['+447700900999', 'Hello {there}'],
      ['07700900123', 'stored'],
      ['+4477009009998', '\u0141k'],
    ],
  );
  set.sim.receive({ from: 'Bank', text: 'Straße' });
  set.sim.receive({ from: '+447700900123', text: 'Привет' });
  await converse(
    t,
    set,
    `
    > AT+CSCS="8859-1";+CSDH=1;+CMGL="REC UNREAD"
    < +CMGL: 2,"REC UNREAD","Bank",,"26/11/30,12:00:00+00",208,4,0,0,"",145,6
    < Stra\xdfe
    < +CMGL: 3,"REC UNREAD","+447700900123",,"26/11/30,12:00:00+00",145,4,0,8,"",145,24
    < 041F04400438043204350442
    < OK
    `,
  );
});

test('somebody calls until it is hung up', async (t) => {
  const set = stage();
  await converse(t, set, '> AT+CLIP=1\n < OK');
  set.sim.ring('+447700900123');
  await settled();
  t.is(set.terminal.heard(), '\r\nRING\r\n\r\n+CLIP: "+447700900123",145,,,,0\r\n');
  await converse(
    t,
    set,
    `
    ~ 3s
    < RING
    < +CLIP: "+447700900123",145,,,,0
    > AT+CLCC
    < +CLCC: 1,1,4,0,0,"+447700900123",145
    < OK
    > AT+CHUP
    < OK
    ~ 30s
    > ATA
    < NO CARRIER
    > ATD+447700900123;
    < NO CARRIER
    `,
  );
});

test('codes are answered as text, packed or in UCS2, and dialogues go on', async (t) => {
  await converse(
    t,
    stage(),
    `
    > AT+CUSD=1,"*101#",15
    < OK
    < +CUSD: 1,"1 Data
    < 2 Texts",15
    > AT+CUSD=1,"2",15
    < OK
    < +CUSD: 0,"100 texts are left",15
    > AT+CUSD=1,"*199#",15
    < OK
    < +CUSD: 4
    > AT+CUSD=1,"*103#",15
    < OK
    < +CUSD: 0,"041E0441044204300442043E043A002000310032002C00330034",72
    > AT+CUSD=2
    < OK
    `,
  );
  await converse(
    t,
    stage({ profile: 'huawei-e220' }),
    `
    > AT+CUSD=1,"AA180C3602",15
    < OK
    < +CUSD: 0,"D9775D0E1287D961F7B80C4ACF4131996B460315AB52",15
    > AT+CUSD=1,"*100#",15
    < ERROR
    `,
  );
});
