import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { adminTokenFile, keepAdminToken } from '../src/admin-token.js';

test.beforeEach((t) => {
  t.context = mkdtempSync(join(tmpdir(), 'easms-token-'));
});
test.afterEach.always((t) => rmSync(t.context as string, { recursive: true, force: true }));

test('an empty token is refused', (t) => {
  writeFileSync(adminTokenFile(t.context as string), '\n');
  t.throws(() => keepAdminToken(t.context as string), { message: /is empty: remove it and start again$/ });
});

test('a link that waits in the place of the token is not written through', (t) => {
  const folder = t.context as string;
  symlinkSync(join(folder, 'elsewhere'), adminTokenFile(folder));
  t.throws(() => keepAdminToken(folder), { code: 'ENOENT' });
  t.throws(() => readFileSync(join(folder, 'elsewhere')), { code: 'ENOENT' });
});

test('a token is made once, for the owner alone', (t) => {
  const folder = t.context as string;
  const token = keepAdminToken(folder);
  t.true(token.length >= 43);
  t.is(statSync(adminTokenFile(folder)).mode & 0o777, 0o600);
  t.is(keepAdminToken(folder), token);
});
