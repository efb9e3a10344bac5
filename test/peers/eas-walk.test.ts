// The walk over all commands in every version, its answers before the schemas. Each different answer is validated once.

import test from 'ava';
import { findCommand, offeredCommands } from '../../src/eas/command-table.js';
import { protocolVersions } from '../../src/eas/versions.js';
import { encode } from '../../src/wbxml/encode.js';
import { requests, type Stop, walkOf } from '../eas/walk.js';
import { ask, hasFailed } from '../fuzz/ask.js';
import { resolve } from '../fuzz/live.js';
import { closeSetting, happen, openSetting, type Setting } from '../fuzz/setting.js';
import type { WireAnswer } from '../fuzz/wire.js';
import { cannotValidate, complaints } from './schemas.js';

/** What the schemas and tools of others cannot take, and why. */
const exceptions: readonly { command: string; complaint: RegExp; reason: string }[] = [
  {
    command: 'MeetingResponse',
    complaint: /Status': This element is not expected\. Expected is \( \{MeetingResponse\}Result \)/,
    reason: 'the schema has no Status of the whole command, which is where a refusal such as 129 or 101 stands',
  },
];

/** 500 is said at 12.1 alone, where a Status above 100 has no other place. MS-ASCMD 2.2.2 Common Status Codes */
const codes = [200, 400, 403, 413, 449, 501, 503];

test('every command that runs has requests in the walk', (t) => {
  t.deepEqual(
    offeredCommands.filter((command) => !Object.hasOwn(requests, command)),
    [],
  );
  t.deepEqual(
    Object.keys(requests).filter((command) => !findCommand(command)),
    [],
  );
});

for (const version of protocolVersions)
  test(`in ${version} every command answers every request in its form`, async (t) => {
    if (cannotValidate(t)) return;
    t.timeout(600_000);
    const setting = await openSetting();
    t.teardown(() => closeSetting(setting));
    const seen = new Set<string>();
    for (const [index, stop] of offeredCommands.flatMap(walkOf).entries()) {
      if (index % 100 === 0) await happen(setting, index);
      const answer = await visit(setting, version, stop);
      t.false(hasFailed(setting), `${stop.name}: ${setting.bench.logged.join('')}`);
      if (answer === 'held') continue;
      t.true(
        codes.includes(answer.status) || (answer.status === 500 && version === '12.1'),
        `${stop.name}: ${answer.status}`,
      );
      const wrong = complaintsOnce(seen, stop.command, answer);
      t.is(wrong, '', stop.name);
    }
    t.true(seen.size > 50);
  });

async function visit(setting: Setting, version: string, { command, body }: Stop): Promise<WireAnswer | 'held'> {
  const deviceId = `FUZZ${protocolVersions.indexOf(version as never)}`;
  setting.bench.clock.now += 1000;
  setting.bench.logged.length = 0;
  const known = setting.look(deviceId, () => 0);
  const octets = body ? encode(resolve(body, known)) : new Uint8Array();
  const query = `Cmd=${command}&User=ann%40example.com&DeviceId=${deviceId}&DeviceType=Phone`;
  return ask(setting, { query, version, policyKey: known.policyKey, octets });
}

function complaintsOnce(seen: Set<string>, command: string, { headers, octets }: WireAnswer): string {
  if (octets.length === 0 || headers['content-type'] !== 'application/vnd.ms-sync.wbxml') return '';
  const key = `${command} ${octets.toString('hex')}`;
  if (seen.has(key)) return '';
  seen.add(key);
  const found = complaints(command, octets);
  const isExcepted = exceptions.some((each) => each.command === command && each.complaint.test(found));
  return isExcepted ? '' : found;
}
