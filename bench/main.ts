// `npm run bench -- NAME…`: measures the named figures, or all. One JSON line each on stdout, the rest on stderr.

import { Unmeasurable } from './figure.js';
import { figures } from './figures.js';
import { endAll } from './process-under-test.js';
import { removeScratch } from './scratch-folder.js';

const known = Object.keys(figures);
const wanted = process.argv.slice(2);

if (wanted.includes('--list')) process.stdout.write(`${known.join('\n')}\n`);
else process.exitCode = await measure(wanted.length === 0 ? known : wanted);

async function measure(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(figures, name));
  if (unknown.length > 0) {
    tell(`no figure is named ${unknown.join(', ')}; there are ${known.join(', ')}`);
    return 2;
  }
  try {
    for (const name of names) await measureOne(name);
    return 0;
  } finally {
    await endAll();
    await removeScratch();
  }
}

async function measureOne(name: string): Promise<void> {
  tell(`${name} …`);
  try {
    process.stdout.write(`${JSON.stringify(await figures[name]!())}\n`);
  } catch (error) {
    if (!(error instanceof Unmeasurable)) throw error;
    tell(`${name} is not measured: ${error.message}`);
  }
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
