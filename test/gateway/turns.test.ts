import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import type { Accepted, Bearer, Handover } from '../../src/gateway/bearer.js';
import { inTurns } from '../../src/gateway/turns.js';

const handover = {} as Handover;

// A bearer of two places that answers when the test says so.
function bench() {
  const asked: ((accepted: Accepted) => void)[] = [];
  const failing: ((error: Error) => void)[] = [];
  const bearer: Bearer = {
    id: 'slow',
    concurrency: 2,
    submit: () =>
      new Promise((resolve, reject) => {
        asked.push(resolve);
        failing.push(reject);
      }),
    close: async () => undefined,
  };
  const clock = { now: 0 };
  return { asked, failing, clock, paced: inTurns(bearer, () => clock.now) };
}

test('a message waits until one of the places is free, and nobody overtakes it', async (t) => {
  const { asked, failing, paced } = bench();
  const outcomes = [1, 2, 3, 4].map(() => paced.submit(handover));
  await nextTurn();
  t.is(asked.length, 2);
  failing[0]!(new Error('cut'));
  await t.throwsAsync(outcomes[0]!);
  await nextTurn();
  t.is(asked.length, 3);
  asked[1]!({ outcome: 'sent' });
  asked[2]!({ outcome: 'sent' });
  await nextTurn();
  asked[3]!({ outcome: 'sent' });
  t.deepEqual(await Promise.all(outcomes.slice(1)), Array(3).fill({ outcome: 'sent' }));
});

test('whoever waits when the line is given up leaves the message alone; the others go on', async (t) => {
  const { asked, paced } = bench();
  const outcomes = [1, 2, 3].map(() => paced.submit(handover));
  await nextTurn();
  paced.giveUpWaiting();
  t.deepEqual(await outcomes[2], { outcome: 'left' });
  t.is(asked.length, 2);
  asked[0]!({ outcome: 'sent' });
  await outcomes[0];
  const late = paced.submit(handover);
  await nextTurn();
  t.is(asked.length, 3, 'the place that became free is there');
  for (const answer of asked) answer({ outcome: 'sent' });
  t.deepEqual(await late, { outcome: 'sent' });
});

test('as many may wait as the bearer lately ended in a moment: none at a slow one, and never too many', async (t) => {
  const { asked, clock, paced } = bench();
  t.is(paced.ahead(), 0);
  const endMany = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const outcome = paced.submit(handover);
      await Promise.resolve();
      asked.at(-1)!({ outcome: 'sent' });
      await outcome;
    }
  };
  await endMany(30);
  clock.now += 50;
  t.is(paced.ahead(), 30);
  await endMany(1);
  clock.now += 1000;
  t.is(paced.ahead(), 0);
  await endMany(1000);
  clock.now += 50;
  t.is(paced.ahead(), 256);
});
