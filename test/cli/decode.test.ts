// `easms decode`: what goes to stdout and stderr.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { CommanderError } from 'commander';
import { decodeCommand } from '../../src/cli/decode.js';

const fixtures = new URL('../../../fixtures/', import.meta.url);

async function run(...words: string[]): Promise<{ out: string; err: string; exitCode: number }> {
  let out = '';
  let err = '';
  const command = decodeCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  try {
    await command.parseAsync(words, { from: 'user' });
    return { out, err, exitCode: 0 };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { out, err, exitCode: error.exitCode };
  }
}

test('says code, offset, page and token of a broken document in one sentence', async (t) => {
  t.deepEqual(await run('03016a00454b033132'), {
    out: '',
    err: 'easms decode: TRUNCATED: the document ends before its root element does (offset 9, page 0, token 0x0b)\n',
    exitCode: 1,
  });
});

test('refuses what is neither a file nor hexadecimal digits, and a folder', async (t) => {
  for (const input of ['nonsense', '123', fileURLToPath(fixtures)]) {
    const { out, err, exitCode } = await run('--eas', input);
    t.is(exitCode, 1);
    t.is(out, '');
    t.regex(err, /^easms decode: [^\n]+\n$/);
  }
});

test('prints the readable twin of a file', async (t) => {
  const file = fileURLToPath(new URL('wbxml/tbsync-Sync-013-req', fixtures));
  const twin = readFileSync(`${file}.xml`, 'utf8');
  t.deepEqual(await run('--eas', `${file}.wbxml`), { out: twin, err: '', exitCode: 0 });
});

test('prints the readable twin of digits, with or without blanks', async (t) => {
  const { out } = await run('03 01 6A 00 00 0D 05');
  t.is(out, '<?xml version="1.0" encoding="UTF-8"?>\n<Ping xmlns="Ping"/>\n');
  t.is((await run('03016a00000d05')).out, out);
});

// Written by SMS Server Tools; Hindi locking and single shift tables.
const submit = '0051000C914477000910320000FF1F062501062401062F21F37BCA8236CFCD12B4E16C3AA00D6FD3DBF800';

const refusedPdus: [words: string[], err: RegExp][] = [
  [['00xx'], /BAD_HEX: .* \(offset 1\)$/m],
  [[submit.slice(0, 40)], /TRUNCATED: .* \(TP-UD, offset 14\)$/m],
  [['--direction', 'deliver', submit], /WRONG_TYPE: .* \(TP-MTI, offset 0\)$/m],
  [['--direction', 'sideways', submit], /Allowed choices are submit, deliver/],
  [[' \n '], /there are no hexadecimal digits/],
];

for (const [words, reason] of refusedPdus) {
  test(`refuses the PDU of ${words.join(' ').slice(0, 30).trim() || 'nothing'}`, async (t) => {
    const { out, err, exitCode } = await run('--pdu', ...words);
    t.is(exitCode, 1);
    t.is(out, '');
    t.regex(err, reason);
  });
}

test('prints a SUBMIT field by field', async (t) => {
  t.deepEqual(await run('--pdu', submit), {
    out: `service centre  the SIM's own
TPDU            42 octets: ${submit.slice(2)}
TP-MTI          SMS-SUBMIT
TP-RD           duplicates are taken
TP-SRR          no status report
TP-RP           no reply path
TP-MR           0
TP-DA           +447700900123 (international, plan 1)
TP-PID          00
TP-VP           441 days
TP-DCS          00: GSM 7 bit
TP-UDH          25: 06, locking shift table: Hindi
TP-UDH          24: 06, single shift table: Hindi
TP-UD           "नमस्ते OK ०१ [~]"
`,
    err: '',
    exitCode: 0,
  });
});

test('prints a status report with its time zone, and what became of the message', async (t) => {
  const { out } = await run('--pdu', '0006420C91447700091032621103410000 8A FFFFFFFFFFFFFF 46');
  t.regex(out, /^TP-MTI {10}SMS-STATUS-REPORT$/m);
  t.regex(out, /^TP-MR {11}66$/m);
  t.regex(out, /^TP-SCTS {9}2026-11-30T14:00:00-07:00$/m);
  t.regex(out, /^TP-DT {11}no time$/m);
  t.regex(out, /^TP-ST {11}46: permanent, the validity period expired$/m);
});

test('joins the parts of a message, in whatever order they stand', async (t) => {
  const deliver = (part: string, octets: string) =>
    `440C914477000910320004 62110341000000 ${octets} 0B 05040B8423F0 00032A02${part}`;
  const lines = [`${deliver('02', '0E')} 0304`, `${deliver('01', '0E')} 0102`];
  const { out } = await run('--pdu', '--no-centre', lines.join('\n'));
  t.regex(out, /^TP-UDH {10}05: 0B8423F0, from port 9200 to port 2948$/m);
  t.regex(out, /^TP-UDH {10}00: 2A0202, part 2 of 2, reference 42$/m);
  t.regex(out, /^all 2 parts together {2}4 octets: 01020304$/m);
  t.notRegex((await run('--pdu', '--no-centre', lines[0]!)).out, /together/);
});

test('lets no text command the terminal', async (t) => {
  const { out } = await run('--pdu', '--no-centre', '0400 81 00 08 62110341000000 06 009B 001B 202E');
  t.regex(out, /^TP-UD {11}"\\u009b\\u001b\\u202e"$/m);
});

test('says of other fields what they mean', async (t) => {
  const read = async (hex: string) => (await run('--pdu', '--no-centre', hex)).out;
  const flash = await read('AB07D0C2B07B0D 00 18 00000000000000 02 044F');
  t.regex(flash, /^TP-OA {11}"Bank" \(word, plan 0\)$/m);
  t.regex(flash, /^TP-DCS {10}18: UCS2, class 0 \(flash\)$/m);
  t.regex(flash, /^TP-MMS {10}more messages wait$/m);
  t.regex(await read('0400 81 00 C8 62110341000000 00'), /C8: GSM 7 bit, waiting: voicemail, not kept$/m);
  t.regex(await read('0900 00 81 00 00 42A70000000000 00'), /^TP-VP {11}2 minutes 47 seconds, tried once only$/m);
  t.regex(await read('1900 00 81 00 00 62110341000040 00'), /^TP-VP {11}until 2026-11-30T14:00:00\+01:00$/m);
  t.regex(await read('4400 81 00 04 62110341000000 05 04 700201FF'), /^TP-UDH {10}70: 01FF$/m);
});

const san =
  '420388cebdbbeaa465ceabbe10ec9a61032800000012341073796e632e6578616d706c652e636f6d' +
  '20600000070a2e2f436f6e7461637473900000060a2e2f43616c656e646172';

test('says what is wrong with a push message', async (t) => {
  const { err, exitCode } = await run('--san', '0102');
  t.is(exitCode, 1);
  t.regex(err, /^easms decode: TRUNCATED: /);
  t.regex((await run('--prov', '030b6a00ff')).err, /^easms decode: BAD_DOCUMENT: /);
});

test('prints a notification alone, behind WSP and behind the user data header, and checks its digest', async (t) => {
  const fields =
    'content type application/vnd.syncml.ds.notification\nversion      1.2\nui-mode      informative\n' +
    'initiator    server\nsession      4660\nserver       sync.example.com\nsync         206 0x7 ./Contacts\n' +
    'sync         209 0x6 ./Calendar\ndigest       ';
  t.is((await run('--san', san)).out, `${fields}unchecked\n`);
  t.is(
    (await run('--san', `010603ceaf85${san}`, '--password', 'secret', '--nonce', 'bm9uY2Ux')).out,
    `${fields}right\n`,
  );
  t.is(
    (await run('--san', `0605040b84c002010603ceaf85${san}`, '--password', 'x')).out,
    `ports        49154 to 2948\n${fields}wrong\n`,
  );
});

test('prints a configuration with its proof', async (t) => {
  const { out } = await run('--prov', '010604' + '03b69183' + '030b6a00854601', '--pin', '1234567890');
  t.is(
    out,
    'content type application/vnd.wap.connectivity-wbxml\n<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<wap-provisioningdoc version="1.0"/>\nsecurity     userpinmac\nproof        wrong\n',
  );
  t.regex(
    (await run('--si', '02056a0045c60b03687474703a2f2f782f0001037900' + '0101')).out,
    /<indication href="http:..x.">y</,
  );
});
