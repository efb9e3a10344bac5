import test from 'ava';
import { validate, version } from 'uuid';
import { idSource } from '../src/new-id.js';

test('ids grow within one millisecond, when time goes on and when the clock is set back', (t) => {
  let now = 1_769_600_000_000;
  const newId = idSource(() => now);
  const ids: string[] = [];
  for (const step of [0, 1, -5000]) {
    now += step;
    // More than are drawn at once.
    for (let each = 0; each < 1000; each++) ids.push(newId());
  }
  t.deepEqual([...ids].sort(), ids);
  t.is(new Set(ids).size, ids.length);
  t.true(ids.every((id) => validate(id) && version(id) === 7));
});

test('two sources give different ids at the same instant', (t) => {
  const [one, other] = [idSource(() => 0), idSource(() => 0)];
  t.not(one(), other());
});
