// A few of the kills of `npm run crash`.

import test from 'ava';
import { ride } from './ride.js';

test('10 SIGKILLs before a provider that hangs, cuts and answers twice lose no text and send none twice', async (t) => {
  t.timeout(180_000);
  const { findings, ...counts } = await ride({ kills: 10, seed: 10 });
  t.deepEqual(findings, []);
  t.log(counts);
  t.true(counts.accepted > 10 && counts.requests > 10, 'the servers were killed before they did anything');
});
