// Phones that know texts only as mail, or synchronize them in some folders only.

import test from 'ava';
import type { Phone } from '../../src/phone/phone.js';
import type { ConfirmationMode } from '../../src/phone/events.js';
import type { SmsFolder } from '../../src/phone/options.js';
import { anna, bob, stage } from './stage.js';
import type { Stage } from './stage.js';

const shown = (phone: Phone, folder: SmsFolder): string[] =>
  phone.items(folder).map((item) => `${item.class}: ${item.text.trim()}`);

/** A text that is received on the one phone, as the mail it is on the other one. */
async function textAsMail(house: Stage, protocolVersion: '12.1' | '14.1' | '16.1') {
  const gateway = await house.phone('FIRST');
  await house.elected('FIRST');
  const mail = await house.phone('MAIL', { noSms: true, protocolVersion });
  await gateway.phone.receive({ from: bob, text: 'dinner at eight?' });
  const received = await mail.log.until('received', ({ subject }) => subject === 'dinner at eight?');
  return { gateway, mail, received };
}

test.serial('an answer that nobody can send is refused, told, and not sent later', async (t) => {
  const house = await stage(t);
  const { log, phone } = await house.phone('MAIL', { noSms: true });
  await t.throwsAsync(phone.sendMail({ to: [bob], subject: '', text: 'anybody?' }), { message: /Status 120/ });
  t.like(log.all('refused')[0], { command: 'SendMail', status: 120 });
  t.is(log.all('mail-sent').length, 0);
  await t.throwsAsync(phone.reply({ serverId: '1:9', text: 'x' }), { message: /no such item/ });
  await t.throwsAsync(phone.receive({ from: bob, text: 'x' }), { message: /does not synchronize texts/ });
});

for (const protocolVersion of ['12.1', '14.1', '16.1'] as const) {
  for (const query of ['plain', 'base64'] as const) {
    test.serial(
      `a mail phone of ${protocolVersion}, ${query} query, answers a text through the elected phone`,
      async (t) => {
        const house = await stage(t);
        const gateway = await house.phone('FIRST');
        await house.elected('FIRST');
        const { phone, log } = await house.phone('MAIL', { noSms: true, protocolVersion, query });
        await gateway.phone.receive({ from: bob, text: 'dinner at eight?' });
        const { serverId, ...received } = await log.until(
          'received',
          (event) => event.text.trim() === 'dinner at eight?',
        );
        t.like(received, { class: 'Email', subject: 'dinner at eight?' });
        t.true(received.from.includes(bob));

        phone.dropAnswer('SmartReply');
        await phone.reply({ serverId, text: 'gladly' });
        t.like(await gateway.log.until('sms-sent'), { to: bob, text: 'gladly' });
        await gateway.log.until('confirmed');
        await log.until('synced', ({ collection, added }) => collection === 'Sent Items' && added > 0);
        t.deepEqual(shown(phone, 'sent'), ['Email: gladly']);
        t.deepEqual(
          (await house.folder('sent')).map(({ class: itemClass, text }) => `${itemClass}: ${text}`),
          ['SMS: gladly'],
        );
        t.is(gateway.log.all('sms-sent').length, 1);
        t.is(log.all('error').filter(({ code }) => code === 'UNREACHABLE').length, 1);
        t.deepEqual(shown(phone, 'outbox'), []);
      },
    );
  }
}

test.serial('a mail to a number and to a user of the server reaches both, once', async (t) => {
  const house = await stage(t);
  await house.api.put('/users/carol@example.com', { password: 'x' });
  const { gateway, mail } = await textAsMail(house, '12.1');
  mail.phone.dropAnswer('SendMail');
  await mail.phone.sendMail({ to: [bob, 'carol@example.com'], subject: 'Zoë kommt', text: 'um acht' });
  t.like(await gateway.log.until('sms-sent'), { to: bob, text: 'um acht' });
  const [letter, ...more] = await house.folder('inbox', 'carol@example.com');
  t.like(letter, { class: 'Email', subject: 'Zoë kommt' });
  t.is(letter!.text.trim(), 'um acht');
  t.is(more.length, 0);
  t.is(gateway.log.all('sms-sent').length, 1);
});

test.serial('a phone that shows texts as texts answers one of them by SmartReply', async (t) => {
  const house = await stage(t);
  const { phone, log } = await house.phone('FIRST');
  await house.elected('FIRST');
  const { serverId } = await phone.receive({ from: bob, text: 'dinner at eight?' });
  await phone.reply({ serverId, text: 'gladly' });
  t.like(await log.until('sms-sent'), { to: bob, text: 'gladly' });
});

test.serial(
  'a phone that switches its texts on lets go of the mails they were, and off again of the texts',
  async (t) => {
    const house = await stage(t);
    const { mail, received } = await textAsMail(house, '14.1');
    const asMails = shown(mail.phone, 'inbox');
    t.true(asMails.includes('Email: dinner at eight?'));

    await mail.phone.setSms({ enabled: true });
    const asTexts = shown(mail.phone, 'inbox');
    t.deepEqual(
      asTexts.filter((item) => item.startsWith('SMS')),
      ['SMS: dinner at eight?'],
    );
    t.is(asTexts.length, asMails.length);
    t.false(mail.phone.items('inbox').some(({ serverId }) => serverId === received.serverId));
    t.true((await house.device('MAIL')).enableOutboundSms);

    await mail.phone.setSms({ enabled: false });
    t.deepEqual(shown(mail.phone, 'inbox').sort(), asMails.sort());
    t.false((await house.device('MAIL')).enableOutboundSms);
  },
);

test.serial('a switch during which every answer is lost once loses and doubles nothing', async (t) => {
  const house = await stage(t);
  const { mail, gateway } = await textAsMail(house, '16.1');
  const count = shown(mail.phone, 'inbox').length;
  for (const command of ['Settings', 'Sync'] as const) mail.phone.dropAnswer(command);
  await mail.phone.setSms({ enabled: true });
  await gateway.phone.receive({ from: bob, text: 'still there?' });
  await mail.log.until('received', ({ text, class: itemClass }) => text === 'still there?' && itemClass === 'SMS');
  t.deepEqual(
    shown(mail.phone, 'inbox')
      .filter((item) => item.startsWith('SMS'))
      .sort(),
    ['SMS: dinner at eight?', 'SMS: still there?'],
  );
  t.is(shown(mail.phone, 'inbox').length, count + 1);
});

const parts: Record<string, { smsFolders: SmsFolder[]; sends: boolean; mode?: ConfirmationMode }> = {
  'receives alone (1)': { smsFolders: ['inbox'], sends: false },
  'receives and shows what was sent (1, 2)': { smsFolders: ['inbox', 'sent'], sends: false },
  'receives and sends (1, 3)': { smsFolders: ['inbox', 'outbox'], sends: true },
  'receives, sends, and moves what it sent (1, 3)': { smsFolders: ['inbox', 'outbox'], sends: true, mode: 'move' },
  'does all, and moves what it sent (1, 2, 3)': {
    smsFolders: ['inbox', 'sent', 'outbox'],
    sends: true,
    mode: 'move',
  },
  'does all (1, 2, 3)': { smsFolders: ['inbox', 'sent', 'outbox'], sends: true },
};

for (const [what, { smsFolders, sends, mode }] of Object.entries(parts)) {
  test.serial(`of a phone that ${what} nothing is lost, and nothing offered to it that it does not take`, async (t) => {
    const house = await stage(t);
    // It says that it sends for others whatever it then does.
    const { phone, log } = await house.phone('PART', { smsFolders, mode, outbound: true });
    await house.until(async () => (await house.held()) === 1);
    await phone.receive({ from: bob, text: 'anybody there?' });
    t.deepEqual(
      shown(phone, 'inbox').filter((item) => item.startsWith('SMS')),
      ['SMS: anybody there?'],
    );
    t.is((await house.device('PART')).lastOutboxSync !== null, sends);

    if (!sends) {
      t.is((await house.gateway())?.deviceId ?? null, null);
      await house.phone('WHOLE');
      await house.elected('WHOLE');
    } else await house.elected('PART');
    const id = await house.webPageSends('yes');
    await house.ended(id, 'sent');
    t.is(log.all('sms-sent').length, sends ? 1 : 0);
    t.deepEqual(shown(phone, 'outbox'), []);
    // What it moved itself it has, as what it was.
    if (mode === 'move') await log.until('confirmed');
    else await log.until('synced', ({ collection, added }) => collection === 'Sent Items' && added > 0);
    const isText = mode === 'move' || smsFolders.includes('sent');
    t.deepEqual(shown(phone, 'sent'), [isText ? 'SMS: yes' : 'Email: yes']);
    // What the server calls it there is what it calls it later.
    const [first] = phone.items('sent');
    t.is(first!.serverId.includes('m'), !smsFolders.includes('sent'));

    const written = phone.write({ to: bob, text: 'written here' });
    if (smsFolders.includes('sent')) await written;
    else await t.throwsAsync(written, { message: /does not synchronize texts/ });
    const texts = (await house.folder('sent')).map(({ text }) => text).sort();
    t.deepEqual(texts, smsFolders.includes('sent') ? ['written here', 'yes'] : ['yes']);
    t.is((await house.folder('outbox', anna.address)).length, 0);
  });
}
