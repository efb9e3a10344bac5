import test from 'ava';
import { easmsAlone } from './scripted-api.js';

test('the demo shows the whole way, and every expectation holds', async (t) => {
  const { status, out, err } = await easmsAlone('demo');
  t.is(err, '');
  t.is(status, 0);
  t.regex(out, /web page .* 200 OK \S+/);
  t.regex(out, /All \d+ expectations hold\.\n$/);
});
