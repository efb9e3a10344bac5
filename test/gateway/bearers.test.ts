// The contract of bearer.ts, held by every bearer there is; and what is particular to the loopback.

import test, { type ExecutionContext } from 'ava';
import type { Bearer, Handover } from '../../src/gateway/bearer.js';
import { checkOptions, openBearer } from '../../src/gateway/bearers.js';
import { openActivesync } from '../../src/gateway/bearers/activesync.js';
import { openHttp } from '../../src/gateway/bearers/http.js';
import { systemClock } from '../../src/modem/clock.js';
import { openGsmModem } from '../../src/gateway/bearers/modem.js';
import { openLoopback } from '../../src/gateway/bearers/loopback.js';
import { OptionError, submitErrors, SubmitError } from '../../src/gateway/errors.js';
import { beginAttempt } from '../../src/store/attempts.js';
import { claimMessages } from '../../src/store/queue.js';
import type { Device, Gateway, Message, User } from '../../src/store/tables.js';
import { listen, written } from '../hooks/strange-server.js';
import { FakeModem } from '../modem/fake-modem.js';
import { minute, openStage, start, type Stage } from './stage.js';

const by = 'a dispatcher';

interface Scene {
  stage: Stage;
  user: User;
  phone: Device;
  bearer: Bearer;
  message: Message;
}

type Open = (stage: Stage, user: User, t: ExecutionContext) => Bearer | Promise<Bearer>;

async function openScene(t: ExecutionContext, open: Open): Promise<Scene> {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const phone = await stage.addElectedPhone(user);
  const message = await stage.message(await stage.submit({ user }));
  const bearer = await open(stage, user, t);
  t.teardown(() => bearer.close());
  return { stage, user, phone, bearer, message };
}

function handover({ stage, bearer, message }: Scene, signal = new AbortController().signal): Handover {
  const attempt = { id: message.id, gateway: bearer.id, by, now: start };
  return {
    message,
    begin: (tx) => beginAttempt(tx, { ...attempt, state: 'queued' }),
    beginSending: () => stage.store.transact((tx) => beginAttempt(tx, { ...attempt, state: 'sending' })),
    signal,
  };
}

async function claim({ stage, message }: Scene, claimer = by): Promise<void> {
  const until = start + minute;
  await stage.store.transact((tx) => claimMessages(tx, [message.id], { by: claimer, until, now: start }));
}

const bearers: Record<string, Open> = {
  activesync: ({ services }, user) => openActivesync(services, { id: 'activesync:PHONE1', userId: user.id }),
  http: async ({ services }, _user, t) => {
    const { port } = await listen(t, ({ socket }) => socket.write(written('200 OK')));
    return openHttp(services, { id: 'provider', options: { url: `http://127.0.0.1:${port}/?d=%data%` } });
  },
  loopback: () => openLoopback('loop', {}),
  'gsm-modem': async ({ services, store }) => {
    const surroundings = { openPort: new FakeModem().openPort, listDevices: async () => [], clock: systemClock };
    const isReady = new Promise<void>((resolve) =>
      store.changes.listen('line', ({ obstacle }) => obstacle === undefined && resolve()),
    );
    const options = { device: '/dev/ttyUSB0' };
    const bearer = openGsmModem(services, { id: 'm', options, password: null, surroundings });
    await isReady;
    return bearer;
  },
};

for (const [name, open] of Object.entries(bearers)) {
  test(`${name} leaves a message alone that somebody else claimed`, async (t) => {
    const scene = await openScene(t, open);
    await claim(scene, 'another');
    t.deepEqual(await scene.bearer.submit(handover(scene)), { outcome: 'left' });
    t.is(await scene.stage.state(scene.message.id), 'queued');
    t.deepEqual(await scene.stage.attempts(scene.message.id), []);
    t.deepEqual(await scene.stage.offeredTo(scene.phone), []);
  });

  test(`${name} takes a message once, however often it is asked`, async (t) => {
    const scene = await openScene(t, open);
    await claim(scene);
    const answers = await Promise.all([1, 2].map(() => scene.bearer.submit(handover(scene))));
    t.is(answers.filter(({ outcome }) => outcome === 'left').length, 1);
    t.is((await scene.stage.attempts(scene.message.id)).length, 1);
  });

  test(`${name} has the attempt on disk before it has the text`, async (t) => {
    const scene = await openScene(t, open);
    await claim(scene);
    const { outcome } = await scene.bearer.submit(handover(scene));
    const [attempt] = await scene.stage.attempts(scene.message.id);
    t.like(attempt, { gateway: scene.bearer.id, startedAt: start, endedAt: null });
    t.is(await scene.stage.state(scene.message.id), outcome === 'offered' ? 'offered' : 'sending');
  });

  test(`${name} can take back what it answered offered for, until it is fetched`, async (t) => {
    const scene = await openScene(t, open);
    const { stage, bearer, message, phone } = scene;
    await claim(scene);
    if ((await bearer.submit(handover(scene))).outcome !== 'offered') {
      t.is(bearer.withdraw, undefined);
      return;
    }
    const withdrawal = { message, reason: 'a test', now: start };
    t.true(await stage.store.transact((tx) => bearer.withdraw!(tx, withdrawal)));
    t.false(await stage.store.transact((tx) => bearer.withdraw!(tx, withdrawal)));
    t.deepEqual(await stage.outcomes(message.id), ['withdrawn']);
    await claim(scene);
    await bearer.submit(handover(scene));
    await stage.fetch(phone);
    t.false(await stage.store.transact((tx) => bearer.withdraw!(tx, withdrawal)));
    t.is(await stage.state(message.id), 'sending');
  });

  test(`${name} takes a whole number of messages at a time and closes more than once`, async (t) => {
    const { bearer } = await openScene(t, open);
    t.true(Number.isInteger(bearer.concurrency) && bearer.concurrency >= 1);
    await bearer.close();
    await t.notThrowsAsync(bearer.close());
  });
}

test('activesync asks to try later, with no attempt made, while the phone is not valid or not the one meant', async (t) => {
  const scene = await openScene(t, bearers['activesync']!);
  const { stage, user, phone, message } = scene;
  await claim(scene);
  const other = openActivesync(stage.services, { id: 'activesync:PHONE2', userId: user.id, deviceRow: phone.id + 1 });
  const refused = { instanceOf: SubmitError, code: 'NO_PHONE' };
  await t.throwsAsync(other.submit(handover(scene)), refused);
  await stage.changePhone(phone, { state: 'blocked' });
  await t.throwsAsync(scene.bearer.submit(handover(scene)), refused);
  t.deepEqual(await stage.attempts(message.id), []);
  t.is(await stage.state(message.id), 'queued');
});

test('loopback answers what it was set to, in turn, and then the last answer again', async (t) => {
  const failures = ['refused', 'try-later', 'unknown'] as const;
  const scene = await openScene(t, () => openLoopback('loop', { answers: [...failures, 'sent'] }));
  const willing = { ...handover(scene), beginSending: async () => true };
  for (const outcome of failures) {
    const error = await t.throwsAsync<SubmitError>(scene.bearer.submit(willing), { instanceOf: SubmitError });
    t.is(error.outcome, outcome);
    t.is(error.bearer, 'loop');
  }
  for (let n = 0; n < 2; n++) t.deepEqual(await scene.bearer.submit(willing), { outcome: 'sent' });
});

test('loopback that thinks while the server stops does not know what became of the text', async (t) => {
  const scene = await openScene(t, () => openLoopback('loop', { delaySeconds: 3600 }));
  await claim(scene);
  const stop = new AbortController();
  const answer = scene.bearer.submit(handover(scene, stop.signal));
  stop.abort();
  const error = await t.throwsAsync<SubmitError>(answer, { instanceOf: SubmitError });
  t.is(error.outcome, 'unknown');
});

const badOptions: [Pick<Gateway, 'type' | 'options'>, string][] = [
  [{ type: 'activesync', options: {} }, 'user'],
  [{ type: 'activesync', options: { user: 1 } }, 'user'],
  [{ type: 'activesync', options: { user: 'ada@example.com', url: 'x' } }, 'url'],
  [{ type: 'gsm-modem', options: {} }, 'device'],
  [{ type: 'gsm-modem', options: { device: '/etc/passwd' } }, 'device'],
  [{ type: 'gsm-modem', options: { device: '/dev/../etc/passwd' } }, 'device'],
  [{ type: 'gsm-modem', options: { device: 'tcp:host' } }, 'device'],
  [{ type: 'gsm-modem', options: { device: '/dev/ttyUSB0', pin: '12"34' } }, 'pin'],
  [{ type: 'gsm-modem', options: { device: '/dev/ttyUSB0', template: 'toString' } }, 'template'],
  [{ type: 'gsm-modem', options: { device: '/dev/ttyUSB0', smsCenter: '1",145' } }, 'smsCenter'],
  [{ type: 'gsm-modem', options: { device: '/dev/ttyUSB0', sendTimeoutSeconds: 0 } }, 'sendTimeoutSeconds'],
  [{ type: 'gsm-modem', options: { device: '/dev/ttyUSB0', baudRate: 300 } }, 'baudRate'],
  [{ type: 'http', options: {} }, 'url'],
  [{ type: 'http', options: { url: 'http://host/', user: 'ada@example.com' } }, 'user'],
  [{ type: 'loopback', options: { answers: [] } }, 'answers'],
  [{ type: 'loopback', options: { answers: ['toString'] } }, 'answers'],
  [{ type: 'loopback', options: { answers: 'sent' } }, 'answers'],
  [{ type: 'loopback', options: { delaySeconds: -1 } }, 'delaySeconds'],
  [{ type: 'loopback', options: { delaySeconds: NaN } }, 'delaySeconds'],
  [{ type: 'loopback', options: { concurrency: 0 } }, 'concurrency'],
  [{ type: 'loopback', options: { constructor: 1 } }, 'constructor'],
];

for (const [row, field] of badOptions)
  test(`names the bad option of ${JSON.stringify(row)} and opens no bearer`, async (t) => {
    const { services } = await openStage();
    t.is(t.throws(() => checkOptions(row), { instanceOf: OptionError })?.field, field);
    t.is(openBearer(services, { ...row, id: 'odd' } as Gateway, 1), undefined);
  });

test('opens bearers by their type', async (t) => {
  const { services } = await openStage();
  t.is(openBearer(services, { id: 'l', type: 'loopback', options: {} } as Gateway, undefined)?.id, 'l');
});

test('no sentence about a failed text names a number or a text', (t) => {
  for (const { message } of Object.values(submitErrors)) t.notRegex(message, /\d|%/);
});
