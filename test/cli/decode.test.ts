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
