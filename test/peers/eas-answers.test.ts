// The answers of this server before the schemas of the protocol, where they lie beside the project: of every story, and
// of every request that is refused.

import test from 'ava';
import { bodyOf, forget, postRefused, prepared, readRefused, refusedNames } from '../eas/refusal.js';
import { commandOf, readStories, tell } from '../eas/story.js';
import { openBench } from '../eas/talking-device.js';
import { cannotValidate, complaints } from './schemas.js';

for (const story of readStories())
  test(`the answers of ${story.name} are as the schemas have them`, async (t) => {
    if (cannotValidate(t)) return;
    const { answers } = await tell(story);
    for (const { step, octets } of answers.filter((each) => each.octets.length > 0))
      t.is(complaints(commandOf(step), octets), '', step.request);
  });

test('the answers to what is refused are as the schemas have them', async (t) => {
  if (cannotValidate(t)) return;
  const bench = await openBench();
  let checked = 0;
  for (const [index, name] of refusedNames.entries()) {
    const refused = readRefused(name);
    const device = await prepared(bench, `DEVICE${index}`);
    const { octets } = await postRefused({ bench, device }, refused, bodyOf(name));
    await forget(bench, device);
    if (octets.length === 0) continue;
    t.is(complaints(refused.command!, octets), '', name);
    checked++;
  }
  t.true(checked > 0);
  await bench.close();
});

test('the schemas refuse an answer whose elements are in another order', (t) => {
  if (cannotValidate(t)) return;
  // FolderSync: SyncKey before Status.
  const octets = Buffer.from('03016a000007565203310001 4c033100 01 01'.replaceAll(' ', ''), 'hex');
  t.regex(complaints('FolderSync', octets), /^3: /);
});
