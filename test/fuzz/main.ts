// `npm run fuzz -- --cases N --seed S`, or `--only N` for one case alone on a fresh server. Prints a report as JSON; status 1
// where a case failed.

import { parseArgs } from 'node:util';
import { fuzz, FuzzFailure } from './run.js';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'check-every': { type: 'string', default: '1000' },
  },
});
const only = values.only === undefined ? undefined : Number(values.only);
const seed = Number(values.seed);

// What nobody awaits fails the run as well.
process.on('uncaughtExceptionMonitor', () => process.stderr.write(`seed ${seed}: an exception that nobody caught\n`));

try {
  const started = performance.now();
  const report = await fuzz({
    seed,
    first: only ?? 0,
    cases: only === undefined ? Number(values.cases) : 1,
    checkEvery: Number(values['check-every']),
    serverEvery: 10_000,
    onCheck: (done) => process.stderr.write(`${done} cases\n`),
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${JSON.stringify({ seed, seconds, ...report })}\n`);
  const grown = report.heapOctets.last - report.heapOctets.first;
  if (globalThis.gc && grown > 64 * 1024 * 1024) throw new Error(`the heap grew by ${grown} octets`);
} catch (error) {
  process.stderr.write(`${error instanceof FuzzFailure ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
