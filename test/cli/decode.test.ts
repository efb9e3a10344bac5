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
