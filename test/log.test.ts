import { Writable } from 'node:stream';
import test from 'ava';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describeError, logTo, readableLines } from '../src/log.js';
import { nodeVersionProblem } from '../src/node-version.js';

function collect(): { lines: string[]; stream: Writable } {
  const lines: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
  return { lines, stream };
}

test('a failed query is logged without its parameters', (t) => {
  const { lines, stream } = collect();
  const cause = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  const error = new DrizzleQueryError('insert into messages values (?)', ['+447700900123', 'on my way'], cause);
  logTo(stream, 'info').error({ err: error }, 'request failed');
  t.regex(lines[0]!, /SQLITE_BUSY/);
  t.notRegex(lines[0]!, /447700900123|on my way/);
});

test('an error keeps its code, its stack and the chain of causes', (t) => {
  const error = Object.assign(new Error('outer', { cause: new RangeError('inner') }), { code: 'OUTER' });
  t.like(describeError(error), {
    type: 'Error',
    code: 'OUTER',
    message: 'outer',
    cause: { type: 'RangeError', message: 'inner' },
  });
  t.deepEqual(describeError('a text, which may be anything'), { type: 'string', message: 'thrown without an error' });
});

test('lines for people hold time, level, message and details', (t) => {
  const { lines, stream } = collect();
  logTo(readableLines(stream), 'info').child({ module: 'eas.sync' }).warn({ device: 1 }, 'command refused');
  logTo(readableLines(stream), 'info').debug('not asked for');
  t.is(lines.length, 1);
  t.regex(lines[0]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z warn command refused \{"module":"eas.sync","device":1\}\n$/);
});

test('a Node that the dependencies do not serve is refused with one sentence', (t) => {
  for (const version of ['18.20.8', '20.18.3', '21.7.3', '22.13.1'])
    t.is(nodeVersionProblem(version), `easms needs Node 20.19 or later in 20, or 22.14 or later; this is ${version}`);
  for (const version of ['20.19.0', '22.14.0', '23.1.0', '24.0.0']) t.is(nodeVersionProblem(version), undefined);
});
