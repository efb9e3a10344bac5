// `easms push` before an API that says what was asked of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { easmsAlone, refusal, scripted } from './scripted-api.js';

const wrongUsage: Record<string, string[]> = {
  'no device': ['notify'],
  'a mode that is none': ['notify', 'phone', '--ui-mode', 'loud'],
  'a session that is no number': ['notify', 'phone', '--session', 'x', '--token', 'x'],
  'a format that is none': ['configure', 'phone', '--format', 'xml'],
  'a parameter without a value': ['configure', 'phone', '--set', 'url', '--token', 'x'],
  'a document that is not there': ['configure', 'phone', '--document', '/nowhere.xml', '--token', 'x'],
};
for (const [what, words] of Object.entries(wrongUsage))
  test(`push ends with 2 and says why: ${what}`, async (t) => {
    const { status, out, err } = await easmsAlone('push', ...words);
    t.is(status, 2);
    t.is(out, '');
    t.not(err, '');
  });

test('a phone is notified with what was asked for, and a refusal is one sentence', async (t) => {
  const { easms, asked } = await scripted(t, {
    'POST /push/notify': [{ ids: ['m1'] }, refusal(404, 'There is no push device of this name.', 'device')],
  });
  const words = ['push', 'notify', 'phone', '--folder', './Contacts', '--ui-mode', 'informative', '--session', '7'];
  t.deepEqual(await easms(...words), { status: 0, out: 'accepted as m1\n', err: '' });
  t.deepEqual(asked[0]!.body, { device: 'phone', folders: ['./Contacts'], uiMode: 'informative', sessionId: 7 });
  t.like(await easms('push', 'notify', 'phone'), {
    status: 1,
    err: 'easms: There is no push device of this name. (device)\n',
  });
});

test('a phone is configured from a profile or a document, by name or number', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'easms-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'w5.xml');
  writeFileSync(file, '<wap-provisioningdoc/>');
  const { easms, asked } = await scripted(t, {
    'POST /push/configure': [
      { ids: ['m1'], typedPin: '1234567890' },
      { ids: [], document: '<x/>' },
    ],
  });
  const set = ['--set', 'url=http://x/', '--set', 'databases=[{"uri":"./C"}]'];
  const first = await easms(
    'push',
    'configure',
    'phone',
    '--profile',
    'sync',
    ...set,
    '--security',
    'userpinmac',
    '--pin',
    '12345',
  );
  t.is(first.out, 'accepted as m1\nthe owner types 1234567890: tell it by another way than this message\n');
  t.deepEqual(asked[0]!.body, {
    ...{ device: 'phone', format: 'oma', profile: 'sync', security: 'userpinmac', pin: '12345' },
    parameters: { url: 'http://x/', databases: [{ uri: './C' }] },
  });
  const second = await easms('push', 'configure', '+447700900123', '--document', file, '--dry-run');
  t.is(second.out, '<x/>\n');
  t.like(asked[1]!.body, { number: '+447700900123', document: '<wap-provisioningdoc/>', dryRun: true });
});

test('profiles are listed, and one is described with its lists', async (t) => {
  const entries = [{ name: 'uri', title: 'the database', required: true }];
  const parameters = [{ name: 'databases', title: 'all', required: true, entries }];
  const { easms } = await scripted(t, {
    'GET /push/profiles': [{ items: [{ format: 'oma', name: 'sync', title: 'w5', parameters }] }],
  });
  t.regex((await easms('push', 'profile')).out, /oma +sync +w5/);
  t.regex((await easms('push', 'profile', 'sync')).out, /databases\[\]\.uri +yes +the database/);
  t.is((await easms('push', 'profile', 'none')).status, 1);
});

test('devices are made, changed, listed and deleted; digits stay texts', async (t) => {
  const device = { name: 'phone', number: '0770', active: true, protocol: 'san-1.2', user: null, notifiedAt: null };
  const { easms, asked } = await scripted(t, {
    'PUT /push/devices/phone': [device],
    'PATCH /push/devices/phone': [device],
    'GET /push/devices': [{ items: [device], next: null }],
    'GET /push/devices/phone': [device],
    'DELETE /push/devices/phone': [204],
  });
  const folders = 'folders=[{"uri":"./C"}]';
  t.is((await easms('push', 'device', 'put', 'phone', 'number=0770', 'imsi=001010000000001', folders)).status, 0);
  t.deepEqual(asked[0]!.body, { number: '0770', imsi: '001010000000001', folders: [{ uri: './C' }] });
  t.is((await easms('push', 'device', 'set', 'phone', 'active=false', 'user=null')).status, 0);
  t.deepEqual(asked[1]!.body, { active: false, user: null });
  t.regex((await easms('push', 'device', 'list')).out, /phone +0770 +yes +san-1.2/);
  t.regex((await easms('push', 'device', 'show', 'phone')).out, /number +0770/);
  t.is((await easms('push', 'device', 'delete', 'phone')).out, 'phone is deleted\n');
});
