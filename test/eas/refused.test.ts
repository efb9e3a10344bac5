// Requests that are refused: adding a file to fixtures/eas-refused adds a test. Each comes from a device that has done
// Provision and a Sync of its Inbox (SyncKey 1), where one text lies. Nothing of what they say is stored, and what the
// log says of them holds nothing of it.

import { existsSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { AirSyncDocument } from '../../src/wbxml/airsync/document.js';
import { decode } from '../../src/wbxml/decode.js';
import { children, type Element, textOf } from '../../src/wbxml/element.js';
import { fromXml } from '../../src/wbxml/xml.js';
import { bodyOf, forget, postRefused, prepared, readRefused, refusedFolder, refusedNames } from './refusal.js';
import { addText, type Bench, openBench, syncOf } from './talking-device.js';

let bench: Bench;
test.before(async () => {
  bench = await openBench();
  const resident = await prepared(bench, 'RESIDENT');
  await resident.post('Sync', syncOf({ syncKey: '1', id: '1', commands: [addText({ clientId: '1', body: 'stays' })] }));
});
test.after.always(() => bench.close());

for (const [index, name] of refusedNames.entries()) {
  test.serial(`refuses ${name.replaceAll('-', ' ')}`, async (t) => {
    const refused = readRefused(name);
    const device = await prepared(bench, `DEVICE${index}`);
    const before = await stored();
    bench.logged.length = 0;
    const answer = await postRefused({ bench, device }, refused, bodyOf(name));
    t.is(answer.http, refused.http ?? 200);
    t.deepEqual(answer.octets.length === 0 ? undefined : statusesIn(decode(answer.octets)), refused.statuses);
    t.deepEqual(await stored(), before);
    checkLog(t);
    await forget(bench, device);
  });
}

test('refused documents are what their readable twins say', (t) => {
  const written = refusedNames.filter((name) => existsSync(new URL(`${name}.xml`, refusedFolder)));
  t.true(written.length > 0);
  for (const name of written) {
    const twin = fromXml(readFileSync(new URL(`${name}.xml`, refusedFolder), 'utf8'));
    const octets = new Uint8Array(readFileSync(new URL(`${name}.wbxml`, refusedFolder)));
    t.deepEqual(decode(octets), twin, name);
  }
});

async function stored(): Promise<unknown[]> {
  const { items, messages, tombstones, mailboxes, folders, clientAdds } = bench.store.tables;
  const tables = [items, messages, tombstones, mailboxes, folders, clientAdds];
  return Promise.all(tables.map((table) => bench.store.db.select().from(table)));
}

function statusesIn(element: Element): string[] {
  const own = AirSyncDocument.nameOf(element.tag) === 'Status' ? [textOf(element) ?? ''] : [];
  return [...own, ...children(element).flatMap(statusesIn)];
}

function checkLog(t: ExecutionContext): void {
  t.is(bench.logged.length, 1, 'one log line');
  for (const said of ['secret', '447700900', 'Nimbus', 'drop table', 'yesterday', 'ann@example.com'])
    t.false(bench.logged.join().includes(said), said);
}
