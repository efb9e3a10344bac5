// The stories of fixtures/eas: adding a folder adds a test.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { decode } from '../../src/wbxml/decode.js';
import { fromXml, toXml } from '../../src/wbxml/xml.js';
import { readStories, tell } from './story.js';

for (const story of readStories()) {
  const file = (name: string) => new URL(name, story.folder);

  test(`${story.name}: ${story.about}`, async (t) => {
    const { answers, ending } = await tell(story);
    const octetsOf = new Map(answers.map(({ step, octets }) => [step.request, octets]));
    for (const { step, http, octets } of answers) {
      const { request, sameAnswerAs } = step;
      t.is(http, step.http ?? 200, request);
      if (sameAnswerAs) t.deepEqual(octets, octetsOf.get(sameAnswerAs), request);
      if (octets.length === 0) {
        t.false(existsSync(file(`${request}.ans.wbxml`)), `${request} has an answer without body`);
        continue;
      }
      t.is(toXml(decode(octets)), readFileSync(file(`${request}.ans.xml`), 'utf8'), request);
      t.deepEqual(octets, readFileSync(file(`${request}.ans.wbxml`)), request);
    }
    t.like(ending, story.then);
  });

  test(`${story.name}: every document has its readable twin and its step`, (t) => {
    const documents = readdirSync(story.folder).filter((name) => name.endsWith('.wbxml'));
    for (const name of documents) {
      const twin = readFileSync(file(name.replace(/\.wbxml$/, '.xml')), 'utf8');
      // A Buffer would give its slices as Buffers, which are equal to no other octets.
      t.deepEqual(decode(new Uint8Array(readFileSync(file(name)))), fromXml(twin), name);
    }
    const requests = story.steps.flatMap((step) => ('request' in step ? step.request : []));
    const told = documents.map((name) => name.replace(/\.(req|ans)\.wbxml$/, ''));
    t.deepEqual(
      told.filter((name) => !requests.includes(name)),
      [],
    );
    t.deepEqual(requests, [...requests].sort(), 'steps are numbered in their order');
  });
}
