// What python3's email package reads in the reports that users get of texts and mail that did not arrive.

import { execFileSync } from 'node:child_process';
import test from 'ava';
import { prepareUndelivered } from '../../src/message/mail-report.js';
import { reportExpired, tellSender } from '../../src/message/report.js';
import { composeMail } from '../../src/mail/compose.js';
import { getContent } from '../../src/store/contents.js';
import { FolderType } from '../../src/store/mailboxes.js';
import type { Mail, User } from '../../src/store/tables.js';
import { openStage, start, type Stage } from '../gateway/stage.js';
import { isAbsent } from './libwbxml.js';

const reader = String.raw`
import email, email.policy, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
text, status, original = mail.get_payload()
inner = original.get_payload(0) if original.get_content_type() == 'message/rfc822' else email.message_from_string(original.get_payload(), policy=email.policy.default)
print(json.dumps({
    'type': mail.get_content_type(), 'reportType': mail['Content-Type'].params.get('report-type'),
    'parts': [p.get_content_type() for p in mail.get_payload()],
    'auto': mail['Auto-Submitted'], 'to': mail['To'].addresses[0].addr_spec,
    'text': text.get_content(),
    'status': [dict(group.items()) for group in status.get_payload()],
    'original': {
        'from': inner['From'].addresses[0].addr_spec, 'to': inner['To'].addresses[0].addr_spec, 'subject': inner['Subject'],
        'id': inner['Message-ID'], 'text': inner.get_content() if original.get_content_type() == 'message/rfc822' else None,
    },
    'inReplyTo': mail['In-Reply-To'], 'references': mail['References'],
    'defects': [str(d) for p in mail.walk() for d in p.defects] + [str(d) for h in mail.values() for d in h.defects],
}))
`;

interface Seen {
  type: string;
  reportType: string;
  parts: string[];
  auto: string;
  to: string;
  text: string;
  status: Record<string, string>[];
  original: { from: string; to: string; subject: string; id: string; text: string | null };
  inReplyTo: string;
  references: string;
  defects: string[];
}

async function seenByPython(stage: Stage, user: User): Promise<Seen> {
  const [item] = await stage.items(user, FolderType.Inbox);
  const content = await stage.store.read((session) => getContent(session, item!.id));
  return JSON.parse(execFileSync('python3', ['-c', reader], { input: content!.mime, encoding: 'utf8' })) as Seen;
}

const text = 'Grüße aus Köln: is it 7 =_ yet? 🌍\nFrom here on a second line.';

for (const isOver of [false, true])
  test(`python reads a report on a text that ${isOver ? 'expired' : 'still waits'}, and the text in it`, async (t) => {
    if (isAbsent(t, 'python3')) return;
    const stage = await openStage();
    const user = await stage.addUser('ada@example.com');
    await stage.addGateway('loop');
    const mailId = '<written-as@client.example>';
    const id = await stage.submit({ user, text, mailId });
    const reason =
      'the gateway “loop” takes nothing now, and this sentence is long enough that its field has to be folded twice';
    const message = await stage.message(id);
    await stage.store.transact(function* (tx) {
      if (isOver) yield* reportExpired(tx, { message, reason, now: start });
      else yield* tellSender(tx, { message, reason, now: start, kind: 'warning' });
    });
    const seen = await seenByPython(stage, user);
    t.deepEqual(seen.defects, []);
    t.is(seen.type, 'multipart/report');
    t.is(seen.reportType, 'delivery-status');
    t.deepEqual(seen.parts, ['text/plain', 'message/delivery-status', 'message/rfc822']);
    t.like(seen, { auto: 'auto-replied', to: 'ada@example.com', inReplyTo: mailId });
    t.true(seen.text.replaceAll('\r\n', '\n').includes(text));
    const [perMessage, perRecipient, ...others] = seen.status;
    t.deepEqual(others, []);
    t.like(perMessage, { 'Original-Envelope-Id': id, 'Reporting-MTA': 'dns; example.com' });
    t.like(perRecipient, {
      'Final-Recipient': 'rfc822; "sms:+447700900123"@example.com',
      Action: isOver ? 'failed' : 'delayed',
      Status: isOver ? '5.4.7' : '4.0.0',
    });
    t.is('Will-Retry-Until' in perRecipient!, !isOver);
    t.is(perRecipient!['Diagnostic-Code']!.replace(/\s+/g, ' '), `x-easms; ${reason.replace(/[“”]/g, '?')}`);
    const { original } = seen;
    t.is(original.text!.replaceAll('\r\n', '\n').trimEnd(), text);
    t.like(original, { from: 'ada@example.com', to: '"sms:+447700900123"@example.com', id: `<sms-${id}@example.com>` });
    t.true(seen.references.endsWith(`${mailId} <sms-${id}@example.com>`));
  });

test('python reads a report on a mail that the relay refused, and the head of the mail in it', async (t) => {
  if (isAbsent(t, 'python3')) return;
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const written = { from: 'ada@example.com', to: 'bob@elsewhere.example', subject: 'Übergabe', date: start };
  const octets = Buffer.from(composeMail({ ...written, messageId: '<1@example.com>', text: 'See you' }));
  const mail = { id: 'm1', userId: user.id, sender: user.address, octets, createdAt: start } as Mail;
  const failures = [
    { recipient: 'bob@elsewhere.example', reason: '550 5.1.1 no such user' },
    { recipient: 'eve@elsewhere.example', reason: 'it could not be delivered before it expired' },
  ];
  await stage.store.transact(await prepareUndelivered({ mail, failures, now: start }));
  const seen = await seenByPython(stage, user);
  t.deepEqual(seen.defects, []);
  t.deepEqual(seen.parts, ['text/plain', 'message/delivery-status', 'text/rfc822-headers']);
  t.deepEqual(
    seen.status.slice(1).map((each) => [each['Final-Recipient'], each['Status'], each['Diagnostic-Code']]),
    [
      ['rfc822; bob@elsewhere.example', '5.1.1', 'smtp; 550 5.1.1 no such user'],
      ['rfc822; eve@elsewhere.example', '5.0.0', 'x-easms; it could not be delivered before it expired'],
    ],
  );
  t.like(seen.original, {
    from: 'ada@example.com',
    to: 'bob@elsewhere.example',
    subject: 'Übergabe',
    id: '<1@example.com>',
  });
  t.is(seen.inReplyTo, '<1@example.com>');
});
