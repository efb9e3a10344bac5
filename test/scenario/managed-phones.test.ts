// Phones before an administrator: quarantined, let in, wiped, and given another policy.

import test from 'ava';
import { anna, bob, stage } from './stage.js';

const chief = 'chief@example.com';
const notice = 'This device is not allowed yet';

for (const protocolVersion of ['12.1', '14.0', '14.1', '16.1'] as const) {
  const noSms = protocolVersion === '12.1';

  test.serial(
    `a quarantined phone of ${protocolVersion} sees a notice, and all that waited once it is let in`,
    async (t) => {
      const house = await stage(t);
      await house.api.put(`/users/${chief}`, { password: 'x', admin: true });
      const first = await house.phone('FIRST');
      await first.phone.receive({ from: bob, text: 'from before' });
      await house.api.patch('/settings', { device: { defaultState: 'quarantined' } });

      const { phone, log } = await house.phone('NEW', { protocolVersion, noSms });
      await log.until('received', ({ subject }) => subject === notice);
      t.is((await house.device('NEW')).state, 'quarantined');
      t.deepEqual(
        phone.items('inbox').map(({ subject }) => subject),
        [notice],
      );
      for (const whose of [anna.address, chief])
        t.is((await house.subjects(whose)).filter((subject) => subject === 'A phone waits to be let in').length, 1);
      await t.throwsAsync(phone.sendMail({ to: [bob], subject: 'x', text: 'let me out' }));
      if (!noSms) await t.throwsAsync(phone.receive({ from: bob, text: 'let me in' }), { message: /Status 6/ });

      await house.api.patch(`/devices/${anna.address}/NEW`, { state: 'allowed' });
      await log.until('received', ({ text }) => text.trim() === 'from before');
      t.true(log.all('started-over').length > 0);
      t.false(phone.items('inbox').some(({ subject }) => subject === notice));
      t.true((await house.subjects()).includes('A phone may now sync'));
      t.deepEqual(
        (await house.folder('inbox')).filter(({ text }) => text.startsWith('let me')),
        [],
      );
      t.is(first.log.all('sms-sent').length, 0);
    },
  );

  test.serial(`a phone of ${protocolVersion} that is wiped says so, ends, and stays out`, async (t) => {
    const house = await stage(t);
    await house.api.put(`/users/${chief}`, { password: 'x', admin: true });
    const { phone, log, life } = await house.phone('LOST', { protocolVersion, noSms });
    await house.until(async () => (await house.held()) === 1);
    phone.dropAnswer('Provision');
    await house.api.patch(`/devices/${anna.address}/LOST`, { wipe: 'device' });
    await t.notThrowsAsync(life);
    t.deepEqual(log.all('wiped'), [{ event: 'wiped', what: 'device' }]);
    t.deepEqual(phone.items('inbox'), []);
    t.like(await house.device('LOST'), { state: 'blocked', enableOutboundSms: false });
    t.not((await house.device('LOST')).wipedAt, null);
    for (const whose of [anna.address, chief])
      t.is((await house.subjects(whose)).filter((subject) => subject === 'A phone was wiped').length, 1);

    const again = house.comesBack('LOST', { protocolVersion, noSms });
    await again.log.until('blocked');
    t.is(again.log.all('folders').length, 0);
  });
}

test.serial('a phone of 16.1 wipes the account alone', async (t) => {
  const house = await stage(t);
  const { log, life } = await house.phone('LOST', { protocolVersion: '16.1' });
  await house.api.patch(`/devices/${anna.address}/LOST`, { wipe: 'account' });
  await t.notThrowsAsync(life);
  t.deepEqual(log.all('wiped'), [{ event: 'wiped', what: 'account' }]);
  t.is((await house.device('LOST')).state, 'blocked');
});

test.serial('a phone of 14.1 is kept out where its account alone should be wiped', async (t) => {
  const house = await stage(t);
  const { log } = await house.phone('LOST');
  await house.until(async () => (await house.held()) === 1);
  await house.api.patch(`/devices/${anna.address}/LOST`, { wipe: 'account' });
  await log.until('blocked');
  t.deepEqual(log.all('wiped'), []);
});

test.serial('a phone that was blocked goes on by itself when it is let in again', async (t) => {
  const house = await stage(t);
  const { phone, log } = await house.phone('FIRST');
  await house.until(async () => (await house.held()) === 1);
  await house.api.patch(`/devices/${anna.address}/FIRST`, { state: 'blocked' });
  await log.until('blocked');
  const received = phone.receive({ from: bob, text: 'meanwhile' });
  await house.api.patch(`/devices/${anna.address}/FIRST`, { state: 'allowed' });
  await received;
  t.is((await house.folder('inbox')).filter(({ text }) => text === 'meanwhile').length, 1);
});

for (const protocolVersion of ['12.1', '14.1', '16.1'] as const) {
  test.serial(`a phone of ${protocolVersion} takes a changed policy and goes on`, async (t) => {
    const house = await stage(t);
    const other = await house.phone('OTHER');
    const { log } = await house.phone('FIRST', { protocolVersion, noSms: protocolVersion === '12.1' });
    await house.until(async () => (await house.held()) === 2);
    await house.api.put('/policies/device:anna@example.com:FIRST', { devicePasswordEnabled: true });
    await other.phone.receive({ from: bob, text: 'after the change' });
    await log.until('received', ({ text }) => text.trim() === 'after the change');
    const keys = log.all('provisioned').map(({ policyKey }) => policyKey);
    t.is(keys.length, 2);
    t.not(keys[0], keys[1]);
    t.is(other.log.all('provisioned').length, 1);
    t.deepEqual(log.all('error'), []);
  });
}
