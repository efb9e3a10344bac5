import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Allowances } from '../../src/gateway/allowance.js';
import { Landings } from '../../src/gateway/landings.js';
import type { Accepted, Bearer, Handover } from '../../src/gateway/bearer.js';
import { carry } from '../../src/gateway/carry.js';
import { claimMessages } from '../../src/store/queue.js';
import { minute, openStage } from './stage.js';

const by = 'a dispatcher';

/** A bearer that is asked, and answers when it is told to, later than anybody waits. */
async function openScene(t: ExecutionContext, patienceMilliseconds: number) {
  // Patience keeps no process alive.
  const alive = setInterval(() => undefined, minute);
  t.teardown(() => clearInterval(alive));
  const stage = await openStage();
  await stage.addGateway('mute');
  const user = await stage.addUser('ada@example.com');
  const id = await stage.submit({ user });
  await stage.store.transact((tx) => claimMessages(tx, [id], { by, until: stage.now + minute, now: stage.now }));
  let answer: (accepted: Accepted) => void = () => undefined;
  let handover: Handover | undefined;
  const submit: Bearer['submit'] = (given) => {
    handover = given;
    return new Promise((resolve) => (answer = resolve));
  };
  const carriage = carry({
    services: stage.services,
    bearer: { id: 'mute', concurrency: 1, submit, close: async () => undefined },
    message: await stage.message(id),
    by,
    signal: new AbortController().signal,
    allowances: new Allowances(),
    landings: new Landings(stage.services),
    patienceMilliseconds,
    *findOthers() {
      return { isUntried: false, isAnyLeft: false };
    },
  });
  return {
    stage,
    user,
    id,
    carriage,
    begin: () => handover!.beginSending(),
    answer: (accepted: Accepted) => answer(accepted),
  };
}

test('a gateway that never says what became of a text is given up: unknown, told, and its late word counts', async (t) => {
  const { stage, user, id, carriage, begin, answer } = await openScene(t, 300);
  t.true(await begin());
  t.like(await carriage, { outcome: 'unknown' });
  t.is(await stage.state(id), 'unknown');
  t.deepEqual(await stage.subjects(user), ['Text to +447700900123 may not have been sent']);
  answer({ outcome: 'sent' });
  while ((await stage.state(id)) !== 'sent') await nextTurn();
  t.deepEqual(await stage.outcomes(id), ['sent']);
});

test('a gateway that never began may not begin when it was given up', async (t) => {
  const { stage, id, carriage, begin } = await openScene(t, 1);
  t.like(await carriage, { outcome: 'unknown' });
  t.is(await stage.state(id), 'queued');
  t.false(await begin());
  t.deepEqual(await stage.attempts(id), []);
});
