import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Clock } from '../../src/modem/clock.js';
import { watchDevice } from '../../src/modem/device-watch.js';

/** Looks again at once, and says after how long it would have. */
function quickClock(): Clock & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => 0,
    after: (milliseconds, callBack) => {
      pauses.push(milliseconds);
      const timer = setImmediate(callBack);
      return () => clearImmediate(timer);
    },
  };
}

function aDevice(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'easms-device-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'ttyUSB0'), '');
  return join(folder, 'ttyUSB0');
}

const spoilings: [string, (device: string) => void][] = [
  ['whose name is gone', (device) => rmSync(device)],
  [
    'whose name another one has',
    (device) => (writeFileSync(`${device}-other`, ''), renameSync(`${device}-other`, device)),
  ],
];

for (const [title, spoil] of spoilings)
  test(`a device ${title} is missed, once, and looked for each second`, async (t) => {
    const device = aDevice(t);
    const clock = quickClock();
    let gone = 0;
    const missed = new Promise<void>((resolve) => void watchDevice(device, clock, () => (gone++, resolve())));
    while (clock.pauses.length < 3) await new Promise(setImmediate);
    t.is(gone, 0);
    spoil(device);
    await missed;
    t.is(gone, 1);
    t.deepEqual(new Set(clock.pauses), new Set([1_000]));
  });

test('nobody is told of a device that is no file, nor after the end of the watch', async (t) => {
  const clock = quickClock();
  const tell = (): void => t.fail();
  await watchDevice('COM3', clock, tell);
  const device = aDevice(t);
  const stop = await watchDevice(device, clock, tell);
  stop();
  rmSync(device);
  for (let n = 0; n < 20; n++) await new Promise(setImmediate);
  t.is(clock.pauses.length, 1);
});
