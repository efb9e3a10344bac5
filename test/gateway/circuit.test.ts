import test from 'ava';
import { Circuit, failuresToOpen } from '../../src/gateway/circuit.js';
import { GatewayHealth, getGatewayStatus } from '../../src/gateway/health.js';
import { getGateway } from '../../src/store/gateways.js';
import { minute, openStage, start, type Stage } from './stage.js';

const second = 1000;
const pauseOf = (openings: number): number => openings * minute;

function failing(times: number, circuit = new Circuit()): Circuit {
  for (let n = 0; n < times; n++) circuit.fail(start, pauseOf);
  return circuit;
}

test('a gateway that fails now and then gets texts all the time', (t) => {
  const circuit = failing(failuresToOpen - 1);
  t.is(circuit.state(start), 'closed');
  circuit.succeed(start);
  t.is(failing(failuresToOpen - 1, circuit).state(start), 'closed');
});

test('a gateway that fails again and again gets nothing, then one text, and longer nothing when that fails too', (t) => {
  const circuit = failing(failuresToOpen);
  t.is(circuit.state(start), 'open');
  t.is(circuit.state(start + minute - 1), 'open');
  t.is(circuit.state(start + minute), 'probing');
  t.true(circuit.fail(start + minute, pauseOf));
  t.is(circuit.state(start + 3 * minute - 1), 'open');
  t.is(circuit.state(start + 3 * minute), 'probing');
  t.true(circuit.succeed(start + 3 * minute));
  t.is(circuit.state(start + 3 * minute), 'closed');
});

test('what was under way when a gateway was given up neither brings it back nor keeps it away longer', (t) => {
  const circuit = failing(failuresToOpen);
  t.false(circuit.succeed(start + 1));
  t.false(circuit.fail(start + 2, pauseOf));
  t.is(circuit.state(start + 3), 'open');
  t.is(circuit.openUntil, start + minute);
});

test('a gateway that works for a moment between failures pauses longer each time, until it works for a while', (t) => {
  const circuit = failing(failuresToOpen);
  circuit.succeed(start + minute);
  for (let n = 0; n < failuresToOpen; n++) circuit.fail(start + minute, pauseOf);
  t.is(circuit.openUntil, start + 3 * minute);
  for (let n = 0; n < 5; n++) circuit.succeed(start + 3 * minute);
  for (let n = 0; n < failuresToOpen; n++) circuit.fail(start + 3 * minute, pauseOf);
  t.is(circuit.openUntil, start + 4 * minute);
});

test('a gateway that asks for time gets it at once, for all texts', (t) => {
  const health = new GatewayHealth();
  const busy = { outcome: 'try-later', reason: 'too many requests', retryAfterSeconds: 30 } as const;
  t.is(health.note('web', { outcome: 'sent' }, start), undefined);
  t.is(health.note('web', busy, start), 'opened');
  t.is(health.note('web', { ...busy, retryAfterSeconds: 10 }, start), undefined);
  t.is(health.note('web', { outcome: 'sent' }, start + second), undefined, 'it began before');
  t.like(health.hindranceOf('web', start + 29 * second), { until: start + 30 * second });
  t.is(health.hindranceOf('web', start + 30 * second), undefined);
  t.true(health.isProbing('web', start + 30 * second));
  t.is(health.note('web', { outcome: 'sent' }, start + 30 * second), 'closed');
});

test('a gateway that asks for time is not down, and is not left alone for longer than a day', (t) => {
  const health = new GatewayHealth();
  const busy = { outcome: 'try-later', reason: 'no credit', retryAfterSeconds: 1e9 } as const;
  health.note('web', busy, start);
  t.is(health.of('web'), 'degraded');
  t.is(health.hindranceOf('web', start)?.until, start + 24 * 60 * minute);
});

test('a refusal may be the fault of the number, several in a row are of the gateway', (t) => {
  const health = new GatewayHealth();
  const refused = { outcome: 'refused', reason: 'no', retryAfterSeconds: undefined } as const;
  health.note('web', refused, start);
  health.note('web', refused, start);
  t.false(health.isFailing('web', start));
  health.note('web', refused, start);
  t.true(health.isFailing('web', start));
  t.false(health.isFailing('web', start + minute));
});

async function show(stage: Stage, id: string) {
  const gateway = (await stage.store.read((session) => getGateway(session, id)))!;
  return getGatewayStatus({ ...stage.services, health: stage.dispatcher.health }, gateway);
}

const later = (times: number): string[] => Array<string>(times).fill('try-later');

test('what waits at a gateway that stopped goes out through another', async (t) => {
  const stage = await openStage();
  // Texts are given to gateways ahead of their turn where one of them has limits.
  await stage.addGateway('dead', { answers: later(1), concurrency: 1 }, { limits: { perDay: 1000 } });
  await stage.addGateway('slow', { concurrency: 1 });
  const ids: string[] = [];
  for (let n = 0; n < 30; n++) ids.push(await stage.submit());
  await stage.settle();
  for (const id of ids) t.is(await stage.state(id), 'sent');
  const asked = (await Promise.all(ids.map((id) => stage.tries(id)))).flat();
  t.is(asked.filter((tried) => tried === 'dead try-later').length, failuresToOpen);
  t.like(await show(stage, 'dead'), { health: 'down' });
});

test('what is pinned to a gateway that stopped waits and says why, is tried one by one, and goes out when one has moved', async (t) => {
  const stage = await openStage();
  await stage.saveSettings({ retry: { firstSeconds: 30, maxSeconds: 3600, factor: 2, jitter: 0, maxAttempts: 500 } });
  await stage.addGateway('web', { answers: [...later(13), 'sent'] });
  await stage.addGateway('other');
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) ids.push(await stage.submit({ gateway: 'web' }));
  const count = async (): Promise<number> => (await Promise.all(ids.map((id) => stage.attempts(id)))).flat().length;
  await stage.settle();
  t.is(await count(), 12, 'all that were under way at once');
  await stage.after(0.5);
  t.is(await count(), 13, 'one to see whether it works again');
  await stage.after(0.5);
  t.is(await count(), 13, 'a longer pause');
  for (const id of ids)
    t.regex((await stage.message(id)).error ?? '', /^gateway web: the gateway (does|did) not take texts|try later/);
  await stage.after(0.5);
  for (const id of ids) t.is(await stage.state(id), 'sent');
  t.like(await show(stage, 'web'), { health: 'up', queued: 0, sent: 12 });
});
