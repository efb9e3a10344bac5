// What a bearer says before it began, and what else only a bearer of one's own can say.

import test from 'ava';
import { Allowances } from '../../src/gateway/allowance.js';
import { Landings } from '../../src/gateway/landings.js';
import type { Bearer } from '../../src/gateway/bearer.js';
import { carry } from '../../src/gateway/carry.js';
import { SubmitError, type SubmitErrorCode } from '../../src/gateway/errors.js';
import type { Others } from '../../src/gateway/routing.js';
import { claimMessages } from '../../src/store/queue.js';
import { minute, openStage, type Stage } from './stage.js';

const by = 'a dispatcher';
const second = 1000;

interface Said {
  code: SubmitErrorCode;
  begins: boolean;
  others: Others;
  retryAfterSeconds?: number;
}

/** One text, given to a bearer that says this of it. */
async function hear({ code, begins, others, retryAfterSeconds }: Said): Promise<{ stage: Stage; id: string }> {
  const stage = await openStage();
  await stage.addGateway('web');
  const id = await stage.submit({ expireMinutes: 60 });
  await stage.store.transact((tx) => claimMessages(tx, [id], { by, until: stage.now + minute, now: stage.now }));
  const submit: Bearer['submit'] = async ({ beginSending }) => {
    if (begins) await beginSending();
    throw Object.assign(new SubmitError(code, 'web'), retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  };
  await carry({
    services: stage.services,
    bearer: { id: 'web', concurrency: 1, submit, close: async () => undefined },
    message: await stage.message(id),
    ...{ by, signal: new AbortController().signal, allowances: new Allowances() },
    landings: new Landings(stage.services),
    *findOthers() {
      return others;
    },
  });
  return { stage, id };
}

const none = { isUntried: false, isAnyLeft: false };
const another = { isUntried: true, isAnyLeft: true };

test('a gateway that refuses before it began is remembered, so that it is not asked again', async (t) => {
  const { stage, id } = await hear({ code: 'LOOPBACK_REFUSED', begins: false, others: another });
  t.like(await stage.message(id), { state: 'queued', gateway: null, dueAt: stage.now });
  t.deepEqual(await stage.tries(id), ['web refused']);
  const alone = await hear({ code: 'LOOPBACK_REFUSED', begins: false, others: none });
  t.is(await alone.stage.state(alone.id), 'failed');
});

test('a gateway that asks to try later before it began was not tried: the text pauses, and no attempt is used up', async (t) => {
  const { stage, id } = await hear({ code: 'LOOPBACK_TRY_LATER', begins: false, others: another });
  t.like(await stage.message(id), { state: 'queued', dueAt: stage.now + 5 * second });
  t.deepEqual(await stage.attempts(id), []);
});

test('a text goes to another gateway at once, whatever the one before asked for', async (t) => {
  const { stage, id } = await hear({
    code: 'LOOPBACK_TRY_LATER',
    begins: true,
    others: another,
    retryAfterSeconds: 300,
  });
  t.is((await stage.message(id)).dueAt, stage.now);
});

test('a text waits as long as the other end asked for, if that is longer than its pause, and never past its expiry', async (t) => {
  const said = { code: 'LOOPBACK_TRY_LATER', begins: true, others: none } as const;
  const wait = async (retryAfterSeconds: number): Promise<number> => {
    const { stage, id } = await hear({ ...said, retryAfterSeconds });
    return ((await stage.message(id)).dueAt - stage.now) / second;
  };
  t.deepEqual([await wait(300), await wait(1), await wait(1e9)], [300, 5, 3600]);
});
