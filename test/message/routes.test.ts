import test from 'ava';
import { chooseCandidate, chooseRoute, isValidGateway, type Way } from '../../src/message/routes.js';
import { defaultSettings } from '../../src/store/settings.js';
import type { Device } from '../../src/store/tables.js';

const minute = 60_000;
const now = 1_800_000_000_000;
const common = { now, settings: defaultSettings };

const criteria = [
  { state: 'allowed', enableOutboundSms: true, minutesAgo: 0, valid: true },
  { state: 'allowed', enableOutboundSms: true, minutesAgo: 30, valid: true },
  { state: 'allowed', enableOutboundSms: true, minutesAgo: 30.01, valid: false },
  { state: 'allowed', enableOutboundSms: true, minutesAgo: undefined, valid: false },
  { state: 'allowed', enableOutboundSms: false, minutesAgo: 0, valid: false },
  { state: 'quarantined', enableOutboundSms: true, minutesAgo: 0, valid: false },
  { state: 'blocked', enableOutboundSms: true, minutesAgo: 0, valid: false },
] as const;

for (const { valid, minutesAgo, ...device } of criteria) {
  const asked = minutesAgo === undefined ? 'never asked for texts' : `asked for texts ${minutesAgo} minutes ago`;
  const words = `${device.state}, outbound texts ${device.enableOutboundSms ? 'on' : 'off'}, ${asked}`;
  test(`a phone that is ${words} is ${valid ? 'a' : 'no'} gateway`, (t) => {
    const lastOutboxSync = minutesAgo === undefined ? undefined : now - minutesAgo * minute;
    t.is(isValidGateway(device, { ...common, lastOutboxSync }), valid);
  });
}

const device = (id: number, createdAt = 0, enableOutboundSms = true): Device =>
  ({ id, createdAt, state: 'allowed', enableOutboundSms }) as Device;

test('elects nobody where nobody is valid', (t) => {
  t.is(chooseCandidate([], common), undefined);
  t.is(chooseCandidate([{ device: device(1, 0, false), lastOutboxSync: now }], common), undefined);
});

test('elects the phone with the most recent Outbox activity, then the one known longest', (t) => {
  const recent = { device: device(1, 5), lastOutboxSync: now - 1 };
  const older = { device: device(2, 0), lastOutboxSync: now - 2 };
  t.is(chooseCandidate([older, recent], common), recent.device);
  const known = { device: device(3, 4), lastOutboxSync: now - 1 };
  t.is(chooseCandidate([recent, known, older], common), known.device);
  const twin = { device: device(9, 4), lastOutboxSync: now - 1 };
  t.is(chooseCandidate([twin, known], common), known.device);
});

const way = (id: string, more: Partial<Way> = {}): Way => ({
  id,
  type: 'loopback',
  places: 1,
  obstacle: undefined,
  isFailing: false,
  work: 0,
  ...more,
});
const phone = { id: 'activesync:PHONE1', obstacle: undefined };
const lost = { ...phone, obstacle: 'the phone has not asked for texts lately' };

test('waits for a pinned gateway and asks no other', (t) => {
  const gateways = [way('a'), way('b', { obstacle: 'the gateway is switched off' })];
  t.deepEqual(chooseRoute({ pinned: 'a', phone, gateways }), { via: 'a' });
  t.deepEqual(chooseRoute({ pinned: 'b', phone, gateways }), { wait: 'gateway b: the gateway is switched off' });
  t.deepEqual(chooseRoute({ pinned: 'c', phone, gateways }), { wait: 'there is no gateway c' });
});

test("asks the sender's own phone before any gateway, as long as it is valid", (t) => {
  t.deepEqual(chooseRoute({ pinned: undefined, phone, gateways: [way('a')] }), { via: phone.id });
  t.deepEqual(chooseRoute({ pinned: undefined, phone: lost, gateways: [way('a')] }), { via: 'a' });
});

test('gives a text to the gateway with the least to do, and to a failing one last', (t) => {
  const gateways = [way('busy', { work: 2 }), way('idle', { work: 1 }), way('failing', { isFailing: true })];
  t.deepEqual(chooseRoute({ pinned: undefined, phone: undefined, gateways }), { via: 'idle' });
  t.deepEqual(chooseRoute({ pinned: undefined, phone: undefined, gateways: [gateways[2]!] }), { via: 'failing' });
});

test('weighs work by how much a gateway takes at a time', (t) => {
  const gateways = [way('modem', { work: 2 }), way('web', { work: 30, places: 20 })];
  t.deepEqual(chooseRoute({ pinned: undefined, phone: undefined, gateways }), { via: 'web' });
});

test('of equal gateways a phone comes before a modem, and a modem before a provider', (t) => {
  const kinds = [
    way('web', { type: 'http' }),
    way('stick', { type: 'gsm-modem' }),
    way('hers', { type: 'activesync' }),
  ];
  const choose = (gateways: Way[]) => chooseRoute({ pinned: undefined, phone: undefined, gateways });
  t.deepEqual(choose(kinds), { via: 'hers' });
  t.deepEqual(choose(kinds.slice(0, 2)), { via: 'stick' });
});

test('gives a text that came to nothing to who was not asked, to its own phone as well', (t) => {
  const gateways = [way('a'), way('b', { work: 9 })];
  const tried = new Set(['a', phone.id]);
  t.deepEqual(chooseRoute({ pinned: undefined, phone: undefined, gateways, tried }), { via: 'b' });
  t.deepEqual(chooseRoute({ pinned: undefined, phone, gateways, tried }), { via: 'b' });
  t.deepEqual(chooseRoute({ pinned: undefined, phone, gateways, tried: new Set(['a']) }), { via: phone.id });
  t.deepEqual(chooseRoute({ pinned: undefined, phone, gateways, tried: new Set(['a', 'b', phone.id]) }), {
    via: phone.id,
  });
});

test('knows until when a text waits only where every gateway says so', (t) => {
  const full = (id: string, until: number) => way(id, { obstacle: 'full', until });
  const wait = (gateways: Way[]) => chooseRoute({ pinned: undefined, phone: undefined, gateways });
  t.deepEqual(wait([full('a', 20), full('b', 10)]), { wait: 'no gateway can carry it (a: full; b: full)', until: 10 });
  t.deepEqual(wait([full('a', 20), way('b', { obstacle: 'off' })]), {
    wait: 'no gateway can carry it (a: full; b: off)',
  });
  t.regex((wait(['a', 'b', 'c', 'd', 'e'].map((id) => full(id, 1))) as { wait: string }).wait, /; and 2 more\)$/);
});

test('says what a text waits for', (t) => {
  const off = way('a', { obstacle: 'the gateway is switched off' });
  t.deepEqual(chooseRoute({ pinned: undefined, phone: lost, gateways: [off] }), { wait: lost.obstacle });
  t.deepEqual(chooseRoute({ pinned: undefined, phone: undefined, gateways: [off] }), { wait: off.obstacle! });
  t.deepEqual(chooseRoute({ pinned: undefined, phone: undefined, gateways: [] }), {
    wait: 'no phone was elected and no gateway is active',
  });
});

test('gives octets to no phone, and says so where one was asked for', (t) => {
  const gateways = [way('hers', { type: 'activesync' }), way('modem', { work: 9 })];
  const binary = { isBinary: true, phone, gateways };
  t.deepEqual(chooseRoute({ ...binary, pinned: undefined }), { via: 'modem' });
  const reason = 'a phone sends no binary messages';
  t.deepEqual(chooseRoute({ ...binary, pinned: 'hers' }), { wait: `gateway hers: ${reason}` });
  t.deepEqual(chooseRoute({ ...binary, pinned: undefined, gateways: [gateways[0]!] }), { wait: reason });
});
