// Writes the answers that this server gives to the stories of fixtures/eas. What it writes is what the tests will hold
// the server to: read it as XML, in the diff, before it is committed.
//
//   npm run build && node dist/scripts/record-answers.js NAME…

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { decode } from '../src/wbxml/decode.js';
import { toXml } from '../src/wbxml/xml.js';
import { readStories, type Story, tell } from '../test/eas/story.js';

async function record(story: Story): Promise<void> {
  const { answers, ending } = await tell(story);
  for (const name of readdirSync(story.folder))
    if (/\.ans\.(xml|wbxml)$/.test(name)) rmSync(new URL(name, story.folder));
  for (const { step, http, octets } of answers) {
    const size = octets.length === 0 ? 'no body' : `${octets.length} octets`;
    process.stdout.write(`${story.name} ${step.request}: ${http}, ${size}\n`);
    if (octets.length === 0) continue;
    writeFileSync(new URL(`${step.request}.ans.wbxml`, story.folder), octets);
    writeFileSync(new URL(`${step.request}.ans.xml`, story.folder), toXml(decode(octets)));
  }
  process.stdout.write(`${JSON.stringify(ending)}\n`);
}

const wanted = process.argv.slice(2);
if (wanted.length === 0) {
  process.stderr.write('name the stories whose answers are to be written\n');
  process.exit(2);
}
for (const story of readStories()) if (wanted.includes(story.name)) await record(story);
