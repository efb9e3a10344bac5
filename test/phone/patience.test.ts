import test from 'ava';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { Provision } from '../../src/wbxml/airsync/provision.js';
import { limits } from '../../src/phone/limits.js';
import { child, element, text } from '../../src/wbxml/element.js';
import { folder, pinged, smsAdd } from './fake-server.js';
import { live, stage, throwsCode } from './stage.js';

test('gives up on a password that the server does not take, and says nothing of it', async (t) => {
  const { server, phone } = await stage(t);
  server.answer('Provision', 401);
  const error = await t.throwsAsync(phone.run(), throwsCode('UNAUTHORIZED'));
  t.false(error.message.includes('sesame'));
  t.is(server.asked.length, 1);
});

test('tries again with growing patience while the line breaks', async (t) => {
  const { server, phone, log, slept } = await stage(t);
  server.answer('Provision', 'cut', 'cut', 'cut');
  void live(t, phone);
  await log.until('folders');
  t.deepEqual(slept, [250, 500, 1000]);
  t.deepEqual([...new Set(log.all('error').map(({ code }) => code))], ['UNREACHABLE']);
});

test('takes an answer that is no WBXML for a lost one, and repeats the request word for word', async (t) => {
  const { server, phone, log } = await stage(t);
  server.answer('Sync', new Uint8Array([3, 1, 106, 0, 69, 92]), Buffer.from('<html>'));
  void live(t, phone);
  await log.until('synced');
  const [first, second, third] = server.of('Sync');
  t.deepEqual(first?.body, second?.body);
  t.deepEqual(first?.body, third?.body);
  t.is(log.all('error').filter(({ code }) => code === 'BAD_ANSWER').length, 2);
});

test('takes the answer of another command for no answer', async (t) => {
  const { server, phone, log } = await stage(t);
  server.answer('FolderSync', pinged(1));
  void live(t, phone);
  t.is((await log.until('error')).code, 'BAD_ANSWER');
  await log.until('folders');
});

test('comes back after 503 when the server says, and never later than the limit', async (t) => {
  const { server, phone, log, slept } = await stage(t);
  server.answer('FolderSync', { status: 503, headers: { 'Retry-After': '17' } });
  server.answer('FolderSync', { status: 503, headers: { 'Retry-After': 'Thu, 01 Jan 2026 00:01:00 GMT' } });
  server.answer('FolderSync', { status: 503, headers: { 'Retry-After': '99999999' } });
  void live(t, phone);
  await log.until('folders');
  t.deepEqual(slept, [17_000, 43_000, limits.retryAfterMs]);
});

for (const [what, answers] of Object.entries({
  'HTTP 449': [449],
  'Status 142 of the command': [element(AirSync.Sync, [element(AirSync.Status, '142')])],
  'Status 144 of the command': [element(AirSync.Sync, [element(AirSync.Status, '144')])],
})) {
  test(`provisions again after ${what}, and goes on with the new policy key`, async (t) => {
    const { server, phone, log, slept } = await stage(t);
    server.answer('Sync', ...answers);
    void live(t, phone);
    await log.until('synced');
    t.is(server.of('Provision').length, 4);
    t.is(server.of('Sync').at(-1)?.headers['x-ms-policykey'], '2222');
    t.deepEqual(slept, []);
  });
}

test('does not provision at full speed when the server is never content', async (t) => {
  const { server, phone, log, slept } = await stage(t);
  server.answer('FolderSync', 449, 449, 449);
  void live(t, phone);
  await log.until('folders');
  t.deepEqual(slept, [500, 1000]);
});

for (const [what, answer] of Object.entries({
  'HTTP 403': 403,
  'Status 129': element(FolderHierarchy.FolderSync, [element(FolderHierarchy.Status, '129')]),
})) {
  test(`tells once that it is blocked (${what}), and keeps trying`, async (t) => {
    const { server, phone, log } = await stage(t);
    server.answer('FolderSync', answer, answer);
    void live(t, phone);
    await log.until('folders');
    t.is(log.all('blocked').length, 1);
    t.deepEqual(log.all('error'), []);
  });
}

test('slows down when Ping after Ping reports changes that Sync does not bring', async (t) => {
  const { server, phone, slept } = await stage(t);
  server.answer('Ping', ...Array.from({ length: 5 }, () => pinged(2, [folder.inbox])));
  void live(t, phone);
  await server.heard('Ping', 6);
  t.deepEqual(slept, [250, 500, 1000]);
});

test('leaves a refused Ping by Provision', async (t) => {
  const { server, phone, slept } = await stage(t);
  server.answer('Ping', element(Ping.Ping, [element(Ping.Status, '142')]));
  void live(t, phone);
  await server.heard('Ping', 2);
  t.is(server.of('Provision').length, 4);
  t.deepEqual(slept, []);
});

test('is provisioned where moving a text it sent is refused, and then moves it', async (t) => {
  const { server, phone, log } = await stage(t, { mode: 'move' });
  void live(t, phone);
  await server.heard('Ping');
  server.answer('MoveItems', 449);
  server.change(folder.outbox, smsAdd('o1', { to: '"" [MOBILE:+447700900123]', text: 'once' }));
  await log.until('confirmed');
  t.is(server.of('Provision').length, 4);
  t.is(log.all('sms-sent').length, 1);
});

for (const [what, tag] of Object.entries({ device: Provision.RemoteWipe, account: Provision.AccountOnlyRemoteWipe })) {
  test(`wipes itself (${what}) once, repeats that it did until it is heard, and ends`, async (t) => {
    const { server, phone, log } = await stage(t);
    const life = live(t, phone);
    await server.heard('Ping');
    const directive = element(Provision.Provision, [element(Provision.Status, '1'), element(tag)]);
    server.answer('Provision', directive, 'cut');
    server.answer('Ping', element(Ping.Ping, [element(Ping.Status, '140')]));
    server.wake(pinged(1));
    await life;
    const [, , , ...reports] = server.of('Provision');
    t.is(reports.length, 2);
    for (const { document } of reports) t.is(text(child(document!, tag)!, Provision.Status), '1');
    t.deepEqual(log.all('wiped'), [{ event: 'wiped', what: what as 'device' | 'account' }]);
    t.deepEqual(phone.items('inbox'), []);
    await t.throwsAsync(phone.receive({ from: '+447700900123', text: 'x' }), throwsCode('STOPPED'));
  });
}
