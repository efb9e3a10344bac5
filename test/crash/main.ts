// `npm run crash -- --kills N --seed S`: prints what became of all texts as one line of JSON; status 1 where one was lost,
// doubled or told wrongly.

import { parseArgs } from 'node:util';
import { ride } from './ride.js';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];

const started = performance.now();
const { findings, ...counts } = await ride({
  kills,
  seed,
  onKill: (done) => done % 10 === 0 && process.stderr.write(`${done} kills\n`),
});
for (const finding of findings) process.stderr.write(`${finding}\n`);
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(`${JSON.stringify({ kills, seed, seconds, ...counts, findings: findings.length })}\n`);
if (findings.length > 0) process.exitCode = 1;
