import test from 'ava';
import {
  reportDelivered,
  reportExpired,
  reportFailed,
  reportSent,
  reportUndelivered,
  reportUnknown,
} from '../../src/message/report.js';
import { prepareUndelivered } from '../../src/message/mail-report.js';
import { beginAttempt } from '../../src/store/attempts.js';
import { getContent } from '../../src/store/contents.js';
import { FolderType } from '../../src/store/mailboxes.js';
import { listMails } from '../../src/store/mails.js';
import { withdrawText } from '../../src/store/outbox.js';
import { claimMessages } from '../../src/store/queue.js';
import type { Message, User } from '../../src/store/tables.js';
import { updateUser } from '../../src/store/users.js';
import { openStage, start, type Stage } from '../gateway/stage.js';

const reason = 'a reason in words';
const now = start;

const reports = {
  sent: (stage: Stage, message: Message) => stage.store.transact((tx) => reportSent(tx, { message, now })),
  delivered: (stage: Stage, message: Message) => stage.store.transact((tx) => reportDelivered(tx, { message, now })),
  undelivered: (stage: Stage, message: Message) =>
    stage.store.transact((tx) => reportUndelivered(tx, { message, reason, now })),
  failed: (stage: Stage, message: Message) => stage.store.transact((tx) => reportFailed(tx, { message, reason, now })),
  expired: (stage: Stage, message: Message) =>
    stage.store.transact((tx) => reportExpired(tx, { message, reason, now })),
  unknown: (stage: Stage, message: Message) =>
    stage.store.transact((tx) => reportUnknown(tx, { message, reason, now })),
};
type End = keyof typeof reports;
const ends = Object.keys(reports) as End[];

async function openQueued(): Promise<{ stage: Stage; user: User; id: string }> {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  await stage.addGateway('loop');
  return { stage, user, id: await stage.submit({ user, text: 'See you' }) };
}

/** A bearer has it. */
async function send(stage: Stage, id: string): Promise<void> {
  await stage.store.transact(function* (tx) {
    yield* claimMessages(tx, [id], { by: 'x', until: now + 1, now });
    yield* beginAttempt(tx, { id, gateway: 'loop', by: 'x', state: 'sending', now });
  });
}

// Which ends each state may come to; every other report changes nothing and tells nobody.
const allowed: Record<string, End[]> = {
  queued: ['failed', 'expired'],
  sending: ['sent', 'delivered', 'failed', 'undelivered', 'unknown'],
  sent: ['delivered', 'undelivered'],
  delivered: [],
  failed: [],
  undelivered: [],
  expired: [],
  unknown: ['sent', 'delivered', 'undelivered'],
};

const stateOf = (end: string): string => (end === 'undelivered' ? 'failed' : end);

async function bringTo(stage: Stage, id: string, state: string): Promise<void> {
  if (state === 'queued') return;
  if (state !== 'expired') await send(stage, id);
  if (state === 'undelivered') await reports.sent(stage, await stage.message(id));
  if (state !== 'sending') await reports[state as End](stage, await stage.message(id));
}

for (const [state, ways] of Object.entries(allowed))
  for (const end of ends)
    test(`a text that is ${state} ${ways.includes(end) ? 'becomes' : 'never becomes'} ${end}`, async (t) => {
      const { stage, user, id } = await openQueued();
      await bringTo(stage, id, state);
      const before = await stage.subjects(user);
      const held = await stage.message(id);
      t.is(await reports[end](stage, held), ways.includes(end));
      t.is(await stage.state(id), stateOf(ways.includes(end) ? end : state));
      const isTold = ways.includes(end) && end !== 'sent' && end !== 'delivered';
      t.is((await stage.subjects(user)).length, before.length + (isTold ? 1 : 0));
      t.false(await reports[end](stage, held), 'once');
      const attempts = await stage.outcomes(id);
      t.is((await stage.items(user, FolderType.SentItems)).length, attempts.includes('sent') ? 1 : 0);
    });

test('a text that the phone confirmed is neither given up nor taken back, whoever looks first', async (t) => {
  const { stage, user, id: earlier } = await openQueued();
  const phone = await stage.addElectedPhone(user);
  const fetched = await stage.submit({ user });
  await stage.settle();
  const [taken] = await stage.fetch(phone);
  const unfetched = await stage.submit({ user });
  await stage.settle();
  const lying = (await stage.offeredTo(phone)).find(({ messageId }) => messageId === unfetched)!;
  await stage.confirm(phone, taken!, 'move');
  await stage.confirm(phone, lying, 'delete');
  t.false(await reports.unknown(stage, await stage.message(fetched)));
  const offered = await stage.message(unfetched);
  t.false(await stage.store.transact((tx) => withdrawText(tx, offered)));
  const copies = (await stage.items(user, FolderType.SentItems)).map(({ messageId }) => messageId);
  t.deepEqual(copies.sort(), [earlier, fetched, unfetched].sort());
  await stage.settle();
  t.deepEqual([await stage.state(fetched), await stage.state(unfetched)], ['sent', 'sent']);
});

test('a report says what happened with the text, from the postmaster of the domain', async (t) => {
  const { stage, user, id } = await openQueued();
  await send(stage, id);
  await reports.unknown(stage, await stage.message(id));
  const [mail] = await stage.items(user, FolderType.Inbox);
  t.like(mail, {
    class: 'Email',
    from: 'postmaster@example.com',
    to: 'ada@example.com',
    subject: 'Text to +447700900123 may not have been sent',
    read: false,
  });
  t.true(mail!.text.includes(reason) && mail!.text.includes('See you'));
});

async function mimeOf(stage: Stage, user: User): Promise<string> {
  const [item] = await stage.items(user, FolderType.Inbox);
  const content = await stage.store.read((session) => getContent(session, item!.id));
  return Buffer.from(content!.mime!).toString();
}

test('a report is one for machines too, below the text it is about, and returns the text', async (t) => {
  const { stage, user, id } = await openQueued();
  await reports.expired(stage, await stage.message(id));
  const mime = await mimeOf(stage, user);
  t.regex(mime, /\r\nContent-Type: multipart\/report; report-type=delivery-status;/);
  t.regex(mime, /\r\nAuto-Submitted: auto-replied\r\n/);
  t.true(mime.includes(`\r\nIn-Reply-To: <sms-${id}@example.com>\r\n`));
  t.true(mime.includes(`\r\nOriginal-Envelope-Id: ${id}\r\nReporting-MTA: dns; example.com\r\n`));
  const fields = ['Action: failed', 'Status: 5.4.7', `Diagnostic-Code: x-easms; ${reason}`];
  t.true(mime.includes(`\r\nFinal-Recipient: rfc822; "sms:+447700900123"@example.com\r\n${fields.join('\r\n')}\r\n`));
  const original = mime.split('Content-Type: message/rfc822\r\n\r\n')[1]!;
  t.regex(original, /^From: <ada@example\.com>\r\nTo: "\+447700900123" <"sms:\+447700900123"@example\.com>\r\n/);
  t.regex(original, /\r\n\r\nSee you\r\n--/);
});

test('a report goes on by mail, and one on a copy that went on stays here', async (t) => {
  const { stage, user, id } = await openQueued();
  await stage.store.transact((tx) => updateUser(tx, user.id, { forwardTo: ['ada@mail.example'] }));
  await reports.failed(stage, await stage.message(id));
  const [mail, ...others] = await listMails(stage.store);
  t.deepEqual(others, []);
  t.like(mail, { sender: '', recipients: ['ada@mail.example'], userId: user.id });
  t.regex(mail!.octets.toString(), /^X-Loop: ada@example\.com\r\nFrom: <postmaster@example\.com>\r\n/);
  const failures = [{ recipient: 'ada@mail.example', reason: '550 5.1.1 no such user' }];
  await stage.store.transact(await prepareUndelivered({ mail: mail!, failures, now }));
  t.is((await listMails(stage.store)).length, 1);
  const [letter] = await stage.items(user, FolderType.Inbox);
  t.regex(letter!.text, /lies in your mailbox here/);
  t.regex(await mimeOf(stage, user), /\r\nStatus: 5\.1\.1\r\nDiagnostic-Code: smtp; 550 5\.1\.1 no such user\r\n/);
});

test('of a text that no user sent, whoever its answers go to is told, and otherwise nobody', async (t) => {
  const { stage, user } = await openQueued();
  const before = (await stage.subjects(user)).length;
  await reports.failed(stage, await stage.message(await stage.submit()));
  t.deepEqual([(await stage.subjects(user)).length, await listMails(stage.store)], [before, []]);
  await reports.failed(stage, await stage.message(await stage.submit({ reply: 'ADA@example.com' })));
  t.is((await stage.subjects(user)).length, before + 1);
  await reports.failed(stage, await stage.message(await stage.submit({ reply: 'carol@elsewhere.example' })));
  const [mail] = await listMails(stage.store);
  t.like(mail, { sender: '', recipients: ['carol@elsewhere.example'], userId: null });
  t.regex(mail!.octets.toString(), /^From: <postmaster@[^>]+>\r\nTo: <carol@elsewhere\.example>\r\n/);
});
