// What python3's email package reads in the mail that we compose.

import { execFileSync } from 'node:child_process';
import test from 'ava';
import { composeMail, type ComposedMail } from '../../src/mail/compose.js';
import { isAbsent } from './libwbxml.js';

const reader = String.raw`
import base64, email, email.policy, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
addresses = lambda name: [[a.display_name, a.addr_spec] for h in mail.get_all(name, []) for a in h.addresses]
bodies = {}
files = []
for part in mail.walk():
    if part.is_multipart():
        continue
    name = part.get_filename()
    if name is None:
        bodies[part.get_content_type()] = part.get_content().replace('\r\n', '\n')
    else:
        octets = part.get_payload(decode=True)
        files.append([name, part.get_content_type(), part.get_content_disposition(), part['Content-ID'], base64.b64encode(octets).decode()])
defects = [str(d) for p in mail.walk() for d in p.defects] + [str(d) for h in mail.values() for d in getattr(h, 'defects', [])]
print(json.dumps({
    'from': addresses('From'), 'to': addresses('To'), 'cc': addresses('Cc'),
    'subject': mail['Subject'], 'date': mail['Date'].datetime.timestamp() * 1000, 'id': mail['Message-ID'],
    'references': mail['References'], 'importance': mail['Importance'],
    'bodies': bodies, 'files': files, 'defects': defects,
}))
`;

interface Seen {
  from: [string, string][];
  to: [string, string][];
  cc: [string, string][];
  subject: string;
  date: number;
  id: string;
  references: string | null;
  importance: string | null;
  bodies: Record<string, string>;
  files: [string, string, string, string | null, string][];
  defects: string[];
}

function seenByPython(mail: ComposedMail): Seen {
  return JSON.parse(execFileSync('python3', ['-c', reader], { input: composeMail(mail), encoding: 'utf8' })) as Seen;
}

const plain: ComposedMail = {
  from: '"Ann" <ann@example.com>',
  to: '"+12025550101" <"sms:+12025550101"@example.com>',
  subject: 'Shall we meet?',
  date: Date.UTC(2026, 0, 2, 3, 4, 5),
  messageId: '<1@example.com>',
  text: 'Shall we meet?',
};

test('python reads a text that is shown as mail', (t) => {
  if (isAbsent(t, 'python3')) return;
  t.deepEqual(seenByPython(plain), {
    from: [['Ann', 'ann@example.com']],
    to: [['+12025550101', '"sms:+12025550101"@example.com']],
    cc: [],
    subject: plain.subject,
    date: plain.date,
    id: '<1@example.com>',
    references: null,
    importance: null,
    bodies: { 'text/plain': plain.text },
    files: [],
    defects: [],
  });
});

test('python reads long headers, both bodies, pictures and files', (t) => {
  if (isAbsent(t, 'python3')) return;
  const octets = Uint8Array.from({ length: 1000 }, (_, at) => (at * 7) % 256);
  const encoded = Buffer.from(octets).toString('base64');
  const people = Array.from(
    { length: 30 },
    (_, at) => [`Person ${at}, the "${at}th"`, `person${at}@example.com`] as const,
  );
  const mail = {
    ...plain,
    // A longer name is two encoded words, and python 3.11 shows the fold between them in a name, against RFC 2047 6.2.
    from: '"Jörg Ünal, Köln 🙂" <joerg@example.com>',
    cc: people.map(([name, address]) => `"${name.replace(/"/g, '\\"')}" <${address}>`).join(', '),
    subject: `Grüße 🙂 ${'und noch mehr '.repeat(30)}Ende`,
    references: Array.from({ length: 20 }, (_, at) => `<${at}.${'x'.repeat(20)}@example.com>`).join(' '),
    importance: 2,
    text: `Grüße\nFrom here\n.\n--=_\n${'long '.repeat(100)}\nend \n`,
    html: '<p>Grüße</p><img src="cid:pic@example.com">',
    attachments: [
      { name: 'pic.png', contentType: 'image/png', contentId: 'pic@example.com', isInline: true, octets },
      {
        name: `${'sehr lang äöü '.repeat(10)}.txt`,
        contentType: 'text/plain',
        contentId: undefined,
        isInline: false,
        octets,
      },
    ],
  };
  const seen = seenByPython(mail);
  t.deepEqual(seen.defects, []);
  t.deepEqual(seen.from, [['Jörg Ünal, Köln 🙂', 'joerg@example.com']]);
  t.deepEqual(
    seen.cc,
    people.map((each) => [...each]),
  );
  t.is(seen.subject, mail.subject);
  t.is(seen.references, mail.references);
  t.is(seen.importance, 'high');
  t.is(seen.bodies['text/plain'], mail.text);
  t.is(seen.bodies['text/html'], mail.html);
  t.deepEqual(seen.files, [
    ['pic.png', 'image/png', 'inline', '<pic@example.com>', encoded],
    [mail.attachments[1]!.name, 'text/plain', 'attachment', null, encoded],
  ]);
});
