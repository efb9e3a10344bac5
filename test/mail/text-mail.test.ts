import test from 'ava';
import { readAddresses, readTextRecipient } from '../../src/mail/address.js';
import { fillEmailFrom } from '../../src/mail/email-from.js';
import { mailViewOf, type Owner } from '../../src/mail/text-mail.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { Item } from '../../src/store/tables.js';

const owner: Owner = {
  address: 'ann@example.com',
  domain: 'example.com',
  displayName: 'Ann',
  phoneNumber: '+447400123123',
};
const now = Date.UTC(2026, 0, 1);
const bob = '"Bob" [MOBILE:+447400123456]';
const own = '"" [MOBILE:]';

function item(given: Partial<Item>): Item {
  return {
    id: 7,
    userId: 1,
    folderId: 1,
    class: 'SMS',
    sequence: 1,
    enteredSequence: 1,
    enteredBy: null,
    changedBy: null,
    offeredTo: null,
    fetchedAt: null,
    messageId: null,
    from: bob,
    to: own,
    subject: null,
    text: 'Shall we meet?',
    date: now,
    read: false,
    importance: 1,
    properties: {},
    ...given,
  };
}

test('shows a text that nobody sent as from somebody who cannot be answered', (t) => {
  const { from } = mailViewOf(item({ from: own }), owner);
  t.is(from, '"Unknown" <"sms:unknown"@example.com>');
  t.is(readTextRecipient(readAddresses(from)[0]!.address)?.number, 'unknown');
});

test('gives a text without words a subject', (t) => {
  t.is(mailViewOf(item({ text: ' \n\t ' }), owner).subject, 'Text message');
});

test('takes the subject from the first line, cut at a word', (t) => {
  const subjectOf = (text: string): string => mailViewOf(item({ text }), owner).subject;
  t.is(subjectOf('\n Shall  we\tmeet? \nAnd where?'), 'Shall we meet?');
  const words = `${'word '.repeat(11)}wordwordword`;
  t.is(subjectOf(words), `${'word '.repeat(11).trim()}…`);
  t.is(subjectOf('x'.repeat(61)), `${'x'.repeat(59)}…`);
  t.is(subjectOf('🙂'.repeat(60)), '🙂'.repeat(60));
  t.is(subjectOf('🙂'.repeat(5000)), `${'🙂'.repeat(59)}…`);
});

test('shows an incoming text as from its number to the user', (t) => {
  const view = mailViewOf(item({}), owner);
  t.is(view.from, '"Bob" <"sms:+447400123456"@example.com>');
  t.is(view.to, '"Ann" <ann@example.com>');
  t.is(view.messageId, `<sms-7.${now}@example.com>`);
});

test('shows a text of a gateway as from where its administrator wants it to be', (t) => {
  const cases: [template: string | null, sender: string, from: string][] = [
    [null, '+12025550123', '"Bob" <"sms:+12025550123"@example.com>'],
    ['sms:%s@sms.example.org', '+12025550123', '"Bob" <"sms:+12025550123"@sms.example.org>'],
    ['"sms:%s"@example.org', '+12025550123', '"Bob" <"sms:+12025550123"@example.org>'],
    ['%s', '+12025550123', '"Bob" <+12025550123@example.com>'],
    ['%s@texts.example.org', '+12025550123', '"Bob" <+12025550123@texts.example.org>'],
    ['Texts <texts@example.org>', '+12025550123', '"Texts" <texts@example.org>'],
    ['sms:%s@example.org', 'My Bank <a@b>', '"Bob" <"sms:My%20Bank%20%3Ca%40b%3E"@example.org>'],
    ['%s', 'My Bank, Inc. $& %s', '"Bob" <"sms:My%20Bank%2C%20Inc.%20%24%26%20%25s"@example.com>'],
    ['', '+12025550123', '"Bob" <"sms:+12025550123"@example.com>'],
  ];
  for (const [template, sender, from] of cases) {
    const mailFrom = fillEmailFrom(template, { number: sender, domain: 'example.com' });
    const view = mailViewOf(item({ from: `"Bob" [MOBILE:${sender}]`, properties: { mailFrom } }), owner);
    t.is(view.from, from, template ?? 'none');
  }
});

test('puts an answer below the mail that its text was written as', (t) => {
  const { references } = mailViewOf(item({ properties: { inReplyTo: '<1@client.example>' } }), owner);
  t.regex(references!, /^<sms-thread-[0-9a-f]{32}@example\.com> <1@client\.example>$/);
  const thread = mailViewOf(item({}), owner);
  t.true(references!.startsWith(thread.references!));
});

test('shows a text of the user as from the user to its numbers', (t) => {
  const sent = { from: own, to: `${bob}, +447700900789` };
  const view = mailViewOf(item(sent), owner);
  t.is(view.from, '"Ann" <ann@example.com>');
  t.is(view.to, '"Bob" <"sms:+447400123456"@example.com>, "+447700900789" <"sms:+447700900789"@example.com>');
});

const both = { from: '[MOBILE:+447400123456]', to: '[MOBILE:+447700900789]' };
const ownNumber = { from: '[MOBILE:07400 123123]', to: bob };

for (const [what, given, surroundings, isOutgoing] of [
  ['lies in Sent Items', both, { folderType: FolderType.SentItems }, true],
  ['lies in Outbox', both, { folderType: FolderType.Outbox }, true],
  ['lies in Inbox', ownNumber, { folderType: FolderType.Inbox }, false],
  ['was sent by the server', { ...both, messageId: 'm1' }, {}, true],
  ['is from a number of others', both, { folderType: FolderType.DeletedItems }, false],
  ["is from the user's own number", ownNumber, { defaultCountry: 'GB' }, true],
] as const) {
  test(`shows a text that ${what} as ${isOutgoing ? 'sent' : 'received'}`, (t) => {
    const view = mailViewOf(item(given), owner, surroundings);
    t.is(view.from === '"Ann" <ann@example.com>', isOutgoing);
  });
}

test('puts the texts of one peer into one conversation, both ways and however the number is written', (t) => {
  const received = mailViewOf(item({}), owner, { defaultCountry: 'GB' });
  const views = [
    mailViewOf(item({ id: 8, from: '[MOBILE:07400 123456]' }), owner, { defaultCountry: 'GB' }),
    mailViewOf(item({ id: 9, from: own, to: '+44 7400 123456' }), owner, { defaultCountry: 'GB' }),
    mailViewOf(item({ id: 10, from: own, to: bob, messageId: 'm1' }), owner, { defaultCountry: 'GB' }),
  ];
  for (const view of views) {
    t.deepEqual(view.conversationId, received.conversationId);
    t.is(view.threadTopic, '+447400123456');
    t.is(view.references, received.references);
  }
  t.is(new Set(views.map(({ messageId }) => messageId)).size, views.length);
  t.is(received.conversationId.length, 16);
});

test('keeps the conversations of other peers, groups and users apart', (t) => {
  const of = (given: Partial<Item>, user = owner): string =>
    Buffer.from(mailViewOf(item(given), user).conversationId).toString('hex');
  const group = { from: own, to: `${bob}, [MOBILE:Bank]` };
  const ids = [of({}), of({ from: '[MOBILE:Bank]' }), of(group), of({}, { ...owner, address: 'eve@example.com' })];
  t.is(new Set(ids).size, ids.length);
  t.is(of(group), of({ ...group, to: `Bank; ${bob}; ${bob}` }));
});

test('writes the middle of the FILETIME as conversation index', (t) => {
  t.is(Buffer.from(mailViewOf(item({}), owner).conversationIndex).toString('hex'), 'dc7ab19281');
  for (const date of [-1e15, 0, 8.64e15]) t.is(mailViewOf(item({ date }), owner).conversationIndex.length, 5);
});

const mail = { class: 'Email', from: 'eve@example.org', to: 'ann@example.com', subject: 'Re: AW: Tea' } as const;

test('shows a mail with its own headers', (t) => {
  const properties = { cc: 'c@d.e', replyTo: 'f@g.h', messageId: '<2@e.f>', references: '<1@e.f>' };
  t.like(mailViewOf(item({ ...mail, properties }), owner), {
    from: mail.from,
    to: mail.to,
    cc: 'c@d.e',
    replyTo: 'f@g.h',
    subject: 'Re: AW: Tea',
    threadTopic: 'Tea',
    messageId: '<2@e.f>',
    references: '<1@e.f>',
  });
});

test('puts a mail and its answers into one conversation by id, else by subject', (t) => {
  const of = (properties: Item['properties'], subject: string = mail.subject): Uint8Array =>
    mailViewOf(item({ ...mail, subject, properties }), owner).conversationId;
  const root = of({ messageId: '<1@e.f>' });
  t.deepEqual(of({ messageId: '<2@e.f>', inReplyTo: '<1@e.f>' }), root);
  t.deepEqual(of({ messageId: '<3@e.f>', references: '<1@e.f> <2@e.f>' }), root);
  t.notDeepEqual(of({ messageId: '<4@e.f>' }), root);
  t.deepEqual(of({}, 'Re: Tea'), of({}, 'tea'));
  t.notDeepEqual(of({}, 'Coffee'), of({}, 'tea'));
});

test('puts a mail that refers to the texts of a peer among them', (t) => {
  const text = mailViewOf(item({}), owner);
  const answer = mailViewOf(
    item({ ...mail, properties: { references: `${text.references} ${text.messageId}` } }),
    owner,
  );
  t.deepEqual(Buffer.from(answer.conversationId), Buffer.from(text.conversationId));
});
