import test from 'ava';
import fc from 'fast-check';
import { composeMail, type ComposedMail } from '../../src/mail/compose.js';
import { MailError, type MailErrorCode } from '../../src/mail/errors.js';
import { limits } from '../../src/mail/limits.js';
import { type MailAttachment, parseMail } from '../../src/mail/parse.js';
import { seeded } from '../random.js';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const lines = (...each: string[]): Uint8Array => octets(each.join('\r\n'));

function nested(depth: number): string {
  const levels = Array.from(
    { length: depth },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
  );
  return `Subject: deep\r\n${levels.join('')}\r\ntext`;
}

const refused: readonly [string, MailErrorCode, () => Uint8Array][] = [
  ['nothing', 'UNREADABLE', () => octets('')],
  ['no header', 'UNREADABLE', () => octets('\r\nSubject: late\r\n')],
  ['a page in place of a mail', 'UNREADABLE', () => octets('<html><body>hello</body></html>')],
  ['octets beyond the limit', 'MAIL_TOO_LARGE', () => new Uint8Array(limits.mailOctets + 1)],
  ['millions of empty lines', 'TOO_MANY_PARTS', () => octets(`Subject: x\r\n\r\n${'\n'.repeat(limits.lines)}`)],
  ['ever deeper parts', 'TOO_DEEP', () => octets(nested(limits.depth + 2))],
  ['a header of a megabyte', 'HEADERS_TOO_LONG', () => octets(`Subject: ${'x'.repeat(limits.headerOctets)}\r\n\r\n`)],
  ['more parts than the limit', 'TOO_MANY_PARTS', () => parts(limits.delimiterLines + 1, '')],
  [
    'more files than the limit',
    'TOO_MANY_PARTS',
    () => parts(limits.attachments + 1, 'Content-Type: a/b\r\n\r\nx\r\n'),
  ],
  ['too many addresses', 'TOO_MANY_ADDRESSES', () => octets(`To: ${'a@b,\r\n '.repeat(limits.addresses + 1)}\r\n\r\n`)],
];

function parts(count: number, part: string): Uint8Array {
  return octets(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${`--a\r\n${part}`.repeat(count)}`);
}

for (const [what, code, mail] of refused) {
  test(`refuses ${what} with ${code}`, async (t) => {
    const error = await t.throwsAsync(parseMail(mail()), { instanceOf: MailError });
    t.is(error?.code, code);
    t.notRegex(error?.message ?? '', /@|x{3}/);
  });
}

test('reads a multipart without a boundary as empty', async (t) => {
  const mail = await parseMail(lines('Subject: x', 'Content-Type: multipart/mixed', '', '--a', 'text'));
  t.is(mail.text, '');
});

test('reads what is damaged as far as it goes', async (t) => {
  const header = ['Subject: =?nonsense?Q?a=ZZ?=', 'Date: yesterday', 'Content-Type: text/plain; charset=nonsense'];
  const mail = await parseMail(lines(...header, 'Content-Transfer-Encoding: base64', '', 'a!GV\x00sbG8=\xff==', '='));
  t.is(mail.text.slice(0, 5), 'hello');
  t.is(mail.date, undefined);
  t.is(mail.messageId, undefined);
  t.is(mail.from, undefined);
});

test('keeps NUL out of texts', async (t) => {
  const mail = await parseMail(lines('Subject: a=?utf-8?Q?b=00c?=', '', 'd\0e'));
  t.is(mail.text, 'de');
  t.notRegex(mail.subject, /\0/);
});

test('throws its own error or none, whatever is changed in a mail', async (t) => {
  const whole = composeMail({ ...everything, attachments: [picture, file] });
  const random = seeded(7);
  for (let round = 0; round < 300; round++) {
    const changed = Uint8Array.from(whole);
    for (let times = 0; times < 20; times++) changed[Math.floor(random() * 1200)] = Math.floor(random() * 256);
    try {
      t.is(typeof (await parseMail(changed.subarray(0, Math.floor(random() * changed.length)))).text, 'string');
    } catch (error) {
      t.true(error instanceof MailError);
    }
  }
});

const textWithHtml = lines(
  'From: Ann <ann@example.com>',
  'To: "sms:+12025550101"@example.com, bob@example.com',
  'Reply-To: Office <office@example.com>',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  ' again',
  'Date: Fri, 21 Nov 1997 09:55:06 -0600',
  'Message-ID: <3@example.com>',
  'In-Reply-To: <2@example.com>',
  'References: <1@example.com>',
  '\t<2@example.com>',
  'X-Priority: 1 (Highest)',
  'Content-Type: multipart/alternative; boundary="a b"',
  '',
  '--a b',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'caf=E9 =',
  'au lait',
  '--a b',
  'Content-Type: text/html',
  '',
  '<p>caf&eacute;</p>',
  '--a b--',
);

test('reads headers and both forms of the text', async (t) => {
  t.deepEqual(await parseMail(textWithHtml), {
    from: { name: 'Ann', address: 'ann@example.com' },
    to: [
      { name: undefined, address: '"sms:+12025550101"@example.com' },
      { name: undefined, address: 'bob@example.com' },
    ],
    cc: [],
    bcc: [],
    replyTo: [{ name: 'Office', address: 'office@example.com' }],
    subject: 'Grüße again',
    date: Date.UTC(1997, 10, 21, 15, 55, 6),
    messageId: '<3@example.com>',
    inReplyTo: '<2@example.com>',
    references: '<1@example.com> <2@example.com>',
    importance: 2,
    text: 'café au lait',
    html: '<p>caf&eacute;</p>',
    attachments: [],
    isSecured: false,
    isClearSigned: false,
  });
});

test('makes the text of the HTML where there is no other', async (t) => {
  const mail = await parseMail(lines('Subject: x', 'Content-Type: text/html', '', '<p>one</p><p>two</p>'));
  t.is(mail.text, 'one\n\ntwo');
});

test('keeps the first id of a long thread and the last ones', async (t) => {
  const ids = Array.from({ length: 500 }, (_, at) => `<${at}@example.com>`);
  const { references } = await parseMail(lines(`References: ${ids.join('\r\n ')}`, '', ''));
  const kept = references!.split(' ');
  t.is(kept.length, limits.references);
  t.deepEqual([kept[0], kept[1], kept.at(-1)], [ids[0], ids[451], ids[499]]);
});

for (const [type, isSecured] of [
  ['multipart/signed; protocol="application/pkcs7-signature"; boundary=a', true],
  ['multipart/encrypted; protocol="application/pgp-encrypted"; boundary=a', true],
  ['application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', true],
  ['application/x-pkcs7-mime', true],
  ['multipart/mixed; boundary=a', false],
  ['application/pkcs7-mimes', false],
] as const) {
  test(`takes ${type.split(';')[0]} for ${isSecured ? '' : 'not '}signed or encrypted`, async (t) => {
    t.is((await parseMail(lines(`Content-Type: ${type}`, '', '--a', '', 'x', '--a--'))).isSecured, isSecured);
  });
}

test('gives a mail in the mail as a file and does not look into it', async (t) => {
  const mail = await parseMail(
    lines(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      '',
      'see',
      '--a',
      'Content-Type: message/rfc822',
      '',
      'Subject: inner',
      '',
      'secret',
      '--a--',
    ),
  );
  t.is(mail.text, 'see');
  t.is(mail.attachments.length, 1);
  const [inner] = mail.attachments;
  t.is(inner!.contentType, 'message/rfc822');
  t.is(inner!.name, 'attachment-1.eml');
  t.is((await parseMail(inner!.octets)).subject, 'inner');
});

test('takes the last part of a file name that holds folders', async (t) => {
  const part = 'Content-Disposition: attachment; filename="../../etc/pass\twd"';
  const mail = await parseMail(lines('Content-Type: multipart/mixed; boundary=a', '', '--a', part, '', 'x', '--a--'));
  t.is(mail.attachments[0]?.name, 'pass wd');
});

const picture: MailAttachment = {
  name: 'Bild ä "1".png',
  contentType: 'image/png',
  contentId: 'pic@example.com',
  isInline: true,
  octets: Uint8Array.from({ length: 300 }, (_, at) => at % 256),
};
const file: MailAttachment = {
  name: `${'long name '.repeat(20)}.txt`,
  contentType: 'text/plain',
  contentId: undefined,
  isInline: false,
  octets: Buffer.from('--=_\r\n.\r\nFrom \n'),
};
const everything: ComposedMail = {
  from: '"Jörg Ünal" <joerg@example.com>',
  to: '"+12025550101" <"sms:+12025550101"@example.com>, "Ann, the \\"first\\"" <ann@example.com>',
  cc: Array.from({ length: 40 }, (_, at) => `"Person ${at}" <person${at}@example.com>`).join(', '),
  bcc: 'secret@example.com',
  replyTo: 'sms:12345@example.com',
  subject: `Grüße 🙂 ${'sehr '.repeat(60)}lang`,
  date: Date.UTC(2026, 0, 2, 3, 4, 5),
  messageId: '<m1@example.com>',
  inReplyTo: '<m0@example.com>',
  references: '<thread@example.com> <m0@example.com>',
  importance: 2,
  text: 'Grüße \nFrom here\n.\n-- \n',
  html: '<p>Grüße</p><img src="cid:pic@example.com">',
};

test('reads back what it composed, files and all', async (t) => {
  const mail = await parseMail(composeMail({ ...everything, attachments: [picture, file] }));
  t.like(mail, {
    from: { name: 'Jörg Ünal', address: 'joerg@example.com' },
    bcc: [{ name: undefined, address: 'secret@example.com' }],
    replyTo: [{ name: undefined, address: '"sms:12345"@example.com' }],
    subject: everything.subject,
    date: everything.date,
    messageId: '<m1@example.com>',
    inReplyTo: '<m0@example.com>',
    references: everything.references,
    importance: 2,
    text: everything.text,
    html: everything.html,
    isSecured: false,
    isClearSigned: false,
  });
  t.deepEqual(mail.to[1], { name: 'Ann, the "first"', address: 'ann@example.com' });
  t.is(mail.cc.length, 40);
  t.deepEqual(
    mail.attachments.map((each) => ({ ...each, octets: Buffer.from(each.octets) })),
    [picture, file].map((each) => ({ ...each, octets: Buffer.from(each.octets) })),
  );
});

test('composes the same octets each time, in 7 bit with lines of 78 at most', (t) => {
  const written = Buffer.from(composeMail({ ...everything, attachments: [picture, file] }));
  t.true(written.equals(composeMail({ ...everything, attachments: [picture, file] })));
  t.true(written.every((octet) => octet < 0x80));
  const text = written.toString('latin1');
  t.notRegex(text, /[^\r]\n|\r[^\n]/);
  t.deepEqual(
    text.split('\r\n').filter((line) => line.length > 78),
    [],
  );
  t.notRegex(text, /^From |^\.$/m);
});

test('lets nothing that is composed begin a header or a part of its own', (t) => {
  const evil = 'x\r\nBcc: evil@example.com\r\n\r\n--=_';
  const mail = {
    ...everything,
    from: evil,
    to: evil,
    cc: evil,
    subject: evil,
    messageId: evil,
    inReplyTo: evil,
    references: evil,
  };
  const attachment = { ...file, name: evil, contentType: evil, contentId: evil };
  const text = Buffer.from(composeMail({ ...mail, text: evil, bcc: undefined, attachments: [attachment] })).toString(
    'latin1',
  );
  const [header = '', body = ''] = text.split(/\r\n\r\n([^]*)/);
  t.notRegex(header, /^(?:Bcc:|--)/im);
  t.is(body.match(/^Bcc:/gm)?.length, 1, 'the text itself');
  t.notRegex(body, /^--=_\r$/m);
  t.regex(header, /^Message-ID: <x>\r$/m);
});

test('shows whom a mail was for where 7 bit has no form for the address', (t) => {
  const text = Buffer.from(
    composeMail({ ...everything, to: 'jörg@bücher.example', cc: 'ann@bücher.example' }),
  ).toString();
  t.regex(text, /^To: =\?UTF-8\?B\?[\w+/=]+\?= :;\r$/m);
  t.regex(text, /^Cc: <ann@xn--bcher-kva\.example>\r$/m);
});

test('carries a mail as message/rfc822 where it is 7 bit, else as a file', async (t) => {
  const inner = composeMail({ ...everything, messageId: '<inner@example.com>', attachments: [picture] });
  const attachment = { ...file, name: 'mail.eml', contentType: 'message/rfc822' };
  const mail = await parseMail(composeMail({ ...everything, attachments: [{ ...attachment, octets: inner }] }));
  t.is(mail.attachments[0]?.contentType, 'message/rfc822');
  t.is((await parseMail(mail.attachments[0]!.octets)).messageId, '<inner@example.com>');
  const eightBit = composeMail({
    ...everything,
    attachments: [{ ...attachment, octets: octets('Subject: \xe4\r\n\r\n') }],
  });
  t.is((await parseMail(eightBit)).attachments[0]?.contentType, 'application/octet-stream');
  // Ours within ours has the same boundary.
  const twin = composeMail({ ...everything, attachments: [{ ...attachment, octets: composeMail(everything) }] });
  t.is((await parseMail(twin)).text, everything.text);
});

test('carries a mail as large as the limit allows', (t) => {
  const inner = octets(`Subject: x\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(200_000)}`);
  const attachments = [{ ...file, contentType: 'message/rfc822', octets: inner }];
  t.true(composeMail({ ...everything, attachments }).length > inner.length);
});

test('reads back any subject, text, page and file that it composed', async (t) => {
  const words = fc.string({ unit: 'grapheme', maxLength: 200 });
  const subject = words.map((each) => each.replace(/[\p{C}\u2028\u2029]/gu, '').trim());
  const text = words.map((each) => each.replace(/\0|\ufeff/g, '').replace(/\r\n?/g, '\n'));
  const page = text.filter((each) => each !== '');
  const composed = fc.record({
    subject,
    text,
    html: fc.option(page, { nil: undefined }),
    octets: fc.uint8Array({ minLength: 1 }),
  });
  await fc.assert(
    fc.asyncProperty(composed, async (each) => {
      const attachments = [{ ...file, octets: each.octets }];
      const read = await parseMail(composeMail({ ...everything, ...each, attachments }));
      t.is(read.subject, each.subject);
      t.is(read.text, each.text);
      t.is(read.html, each.html);
      t.deepEqual(Buffer.from(read.attachments[0]!.octets), Buffer.from(each.octets));
    }),
  );
});

test.serial('joins the lines of a part without the thread pool', async (t) => {
  const { Blob } = globalThis;
  t.teardown(() => Object.assign(globalThis, { Blob }));
  Object.assign(globalThis, {
    Blob: class {
      constructor() {
        throw new Error('a Blob was made');
      }
    },
  });
  const multipart = ['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'Zoë', '', 'last', '--b'];
  const attached = ['Content-Type: text/csv', 'Content-Disposition: attachment', '', 'a,b', 'ü', '--b--'];
  const mail = await parseMail(lines('Subject: x', ...multipart, ...attached));
  t.is(mail.text, 'Zo\ufffd\n\nlast');
  t.deepEqual(Buffer.from(mail.attachments[0]!.octets), Buffer.from('a,b\n\xfc\n', 'latin1'));
});
