// The answers of Autodiscover before the schema of the protocol, where it lies beside the project.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { writeError, writeRefusal, writeSettings } from '../../src/eas/autodiscover/answer.js';
import { isAbsent } from './libwbxml.js';

const schema = new URL('../../../../shared/protocol/xsd/AutodiscoverResponse.xsd', import.meta.url);

function complaints(input: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', fileURLToPath(schema), '-'], {
    input,
  });
  return status === 0 ? '' : `${status}: ${stderr.toString()}${input}`;
}

test('the answers of Autodiscover are as the schema has them', (t) => {
  if (isAbsent(t, 'xmllint')) return;
  if (!existsSync(schema)) {
    t.log('skipped: there are no schemas beside the project');
    t.pass();
    return;
  }
  const url = 'https://sms.example.com/Microsoft-Server-ActiveSync';
  t.is(complaints(writeSettings({ address: 'ann@example.com', displayName: 'Ann & Sons <1>', url })), '');
  t.is(complaints(writeSettings({ address: 'ann@example.com', displayName: undefined, url })), '');
  t.is(complaints(writeRefusal('bob@example.com')), '');
  t.is(complaints(writeError({ code: 600, message: 'Invalid Request', now: 0 })), '');
  t.not(complaints('<Autodiscover/>'), '');
});
