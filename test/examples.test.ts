import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';

test('the example sends a text through the loopback gateway', (t) => {
  const example = fileURLToPath(new URL('../examples/send-a-text.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [example], { encoding: 'utf8', timeout: 30_000 });
  t.is(stderr, '');
  t.is(status, 0);
  t.regex(stdout, /^accepted as [0-9a-f-]{36}\nit is sent\n$/);
});
