// What senders read: warnings while a text waits, and the last word on it.

import test from 'ava';
import { writeTime } from '../../src/message/report-letter.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { User } from '../../src/store/tables.js';
import { minute, openStage, start, type Stage } from '../gateway/stage.js';

const warning = 'Text to +447700900123 was not sent yet';
const expired = 'Text to +447700900123 was not sent in time';

async function openWithUser(answers = ['try-later']): Promise<{ stage: Stage; user: User }> {
  const stage = await openStage();
  await stage.addGateway('web', { answers });
  return { stage, user: await stage.addUser('ada@example.com') };
}

async function letters(stage: Stage, user: User): Promise<string[]> {
  return (await stage.items(user, FolderType.Inbox)).map(({ text }) => text);
}

test('a sender is told once that a text still waits, and then what became of it', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.submit({ user, text: 'See you at nine', expireMinutes: 300 });
  await stage.settle();
  await stage.after(239);
  t.deepEqual(await stage.subjects(user), []);
  await stage.after(1);
  await stage.after(5);
  t.deepEqual(await stage.subjects(user), [warning]);
  await stage.after(60);
  t.deepEqual(await stage.subjects(user), [warning, expired]);
});

test('a warning says why it waits, how often it was tried, what comes next, and the text', async (t) => {
  const { stage, user } = await openWithUser();
  const id = await stage.submit({ user, text: 'See you at nine', warningMinutes: 1 });
  await stage.settle();
  await stage.after(1);
  const [letter] = await letters(stage, user);
  const { dueAt, expiresAt } = await stage.message(id);
  for (const said of [
    'Your text to +447700900123 was not sent yet: the loopback gateway asks to try later, as it was set to.',
    `Written: ${writeTime(start)}`,
    'Tried: once',
    `  ${writeTime(start)} through gateway web: put off (the loopback gateway asks to try later, as it was set to)`,
    `until ${writeTime(expiresAt)}`,
    '\nSee you at nine\n',
  ])
    t.true(letter!.includes(said), said);
  t.true(dueAt > start);
});

test('a text that is sent in time is not warned of, nor is one that came to another end', async (t) => {
  const { stage, user } = await openWithUser(['sent', 'refused', 'unknown']);
  for (let n = 0; n < 3; n++) await stage.submit({ user });
  await stage.settle();
  const before = await stage.subjects(user);
  t.is(before.length, 2);
  await stage.after(300);
  t.deepEqual(await stage.subjects(user), before);
});

test('nobody is warned of a text whose sender is not known, and none where the settings say so', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.submit();
  await stage.saveSettings({ warningMinutes: 0 });
  await stage.submit({ user });
  await stage.settle();
  await stage.after(300);
  t.deepEqual(await stage.subjects(user), []);
});

test('a text that expired before anybody looked is told of once, as expired', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.submit({ user, warningMinutes: 1, expireMinutes: 2 });
  await stage.after(10);
  t.deepEqual(await stage.subjects(user), [expired]);
});

test('a text that lies with a phone, or before a gateway that pauses, is warned of with that reason', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const phone = await stage.addElectedPhone(user);
  await stage.submit({ user, warningMinutes: 1 });
  await stage.settle();
  await stage.after(1);
  t.true((await letters(stage, user))[0]!.includes('the phone has not fetched it from its Outbox'));
  await stage.changePhone(phone, { enableOutboundSms: false });
  await stage.addGateway('web', {}, { limits: { pauseSeconds: 3600 } });
  for (let n = 0; n < 3; n++) await stage.submit({ user, warningMinutes: 1 });
  await stage.settle();
  await stage.after(1);
  t.true((await letters(stage, user))[0]!.includes('not sent yet: the gateway pauses between two texts.'));
});

test('the last word on a text tells of each try, of many the last five', async (t) => {
  const { stage, user } = await openWithUser();
  await stage.saveSettings({ retry: { firstSeconds: 60, maxSeconds: 60, factor: 1, jitter: 0, maxAttempts: 500 } });
  await stage.submit({ user, text: 'See you at nine', expireMinutes: 30 });
  for (let n = 0; n < 30; n++) await stage.after(1);
  const [letter] = await letters(stage, user);
  const { length } = letter!.match(/ through gateway web: put off /g) ?? [];
  t.is(length, 5);
  t.regex(letter!, /Tried: \d+ times, the last 5 of them:/);
  t.true(letter!.includes('\nSee you at nine\n'));
});

test('a phone is named as the phone it is', async (t) => {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addElectedPhone(user);
  await stage.submit({ user, expireMinutes: 10 });
  await stage.settle();
  await stage.after(10);
  await stage.after(1);
  t.regex((await letters(stage, user))[0]!, /through your phone \(device PHONE1\): taken back/);
});

test('times are those of the server, and say which', (t) => {
  t.regex(writeTime(start), /^2027-01-1[45] \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
  t.is(Date.parse(writeTime(start).replace(' ', 'T').replace(' ', '')), start);
  t.is(start % minute, 0);
});
