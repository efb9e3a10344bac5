import test from 'ava';
import fc from 'fast-check';
import { addressOfNumber, readAddresses, readTextRecipient, writeAddress } from '../../src/mail/address.js';
import { MailError } from '../../src/mail/errors.js';
import { limits } from '../../src/mail/limits.js';

test('refuses a list that is too long or names too many', (t) => {
  for (const list of ['a@b,'.repeat(limits.addresses + 1), ' '.repeat(limits.addressListCharacters + 1)]) {
    t.is(t.throws(() => readAddresses(list), { instanceOf: MailError })?.code, 'TOO_MANY_ADDRESSES');
  }
  t.is(readAddresses('a@b,'.repeat(limits.addresses)).length, limits.addresses);
});

// Fills a list with what a careless expression would search again from every position.
const hostile = [
  '"',
  '\\"',
  '"\\',
  '(',
  '()',
  '(\\',
  '<',
  '<"',
  '<"\\"',
  '[',
  '[<',
  '=?',
  '=?a?Q?',
  '"a"@ ',
  '@ ',
  ':',
  'sms:',
  'sms:a',
  ' ',
  '\\',
  'a ',
];

for (const unit of hostile) {
  test(`bounds what it reads where the list is nothing but ${JSON.stringify(unit)}`, (t) => {
    const list = unit.repeat(limits.addressListCharacters / unit.length);
    try {
      t.true(readAddresses(list).length <= limits.addresses);
    } catch (error) {
      t.true(error instanceof MailError);
    }
  });
}

const forms: readonly [string, string, ...(readonly [string | undefined, string])[]][] = [
  ['a quoted local part with a colon', '"sms:+12025550101"@example.com', [undefined, '"sms:+12025550101"@example.com']],
  [
    'a number as its name',
    '"+12025550101" <"sms:+12025550101"@example.com>',
    ['+12025550101', '"sms:+12025550101"@example.com'],
  ],
  [
    'an unquoted sms: address',
    'sms:+12025550101?maxmsgs=3&a=b:c@example.com',
    [undefined, 'sms:+12025550101?maxmsgs=3&a=b:c@example.com'],
  ],
  ['commas and semicolons', 'a@b.c, d@e.f; g@h.i', [undefined, 'a@b.c'], [undefined, 'd@e.f'], [undefined, 'g@h.i']],
  ['a comma in a name', '"Doe, Ann" <ann@b.c>, bob@b.c', ['Doe, Ann', 'ann@b.c'], [undefined, 'bob@b.c']],
  ['an escaped quote', '"Ann \\"A\\" Doe" <ann@b.c>', ['Ann "A" Doe', 'ann@b.c']],
  [
    'the members of a group',
    'Friends: a@b.c, "D" <d@e.f>;, g@h.i',
    [undefined, 'a@b.c'],
    ['D', 'd@e.f'],
    [undefined, 'g@h.i'],
  ],
  ['an empty group', 'undisclosed-recipients:;'],
  ['a comment as the name', 'ann@b.c (Ann (the first) Doe)', ['Ann (the first) Doe', 'ann@b.c']],
  ['encoded words', '=?iso-8859-1?Q?J=F6rg?= =?utf-8?B?IPCfmYI=?= <j@b.c>', ['Jörg 🙂', 'j@b.c']],
  ['an encoded word with a comma', '=?utf-8?Q?Doe,_Ann?= <ann@b.c>', ['Doe, Ann', 'ann@b.c']],
  ['no address out of an encoded word', '=?utf-8?B?ZXZpbEBiLmM=?=', ['evil@b.c', '']],
  ['a missing closing bracket', 'Ann <ann@b.c, Bob <bob@b.c>', ['Ann', 'ann@b.c'], ['Bob', 'bob@b.c']],
  ['an address beside its name', 'Ann ann@b.c', ['Ann', 'ann@b.c']],
  [
    'a bare number with spaces',
    '+1 202 555-0101, (202) 555-0102',
    [undefined, '+1 202 555-0101'],
    [undefined, '(202) 555-0102'],
  ],
  ['a bare number in brackets', 'Ann <+12025550101>', ['Ann', '+12025550101']],
  ['the form of the SMS class', '"Ann" [MOBILE:+12025550101]', ['Ann', '+12025550101']],
  ['an obsolete route', '<@a.b,@c.d:ann@e.f>', [undefined, 'ann@e.f']],
  ['a mailto: address', 'mailto:ann@b.c', [undefined, 'ann@b.c']],
  ['a domain in brackets', 'ann@[192.0.2.1]', [undefined, 'ann@[192.0.2.1]']],
  ['a quoted local part that holds an address', '"ann@b.c"@d.e', [undefined, '"ann@b.c"@d.e']],
  ['nothing', ' , ;, '],
];

for (const [what, list, ...expected] of forms) {
  test(`reads ${what}`, (t) => {
    t.deepEqual(
      readAddresses(list),
      expected.map(([name, address]) => ({ name, address })),
    );
  });
}

test('lets no line break out of a name or an address', (t) => {
  const [read] = readAddresses('=?utf-8?Q?Ann=0D=0ABcc:_x@y.z?= <ann\r\n @b.c>');
  t.deepEqual(read, { name: 'Ann Bcc: x@y.z', address: 'ann@b.c' });
  t.is(writeAddress({ name: 'Ann\r\nBcc: x', address: 'ann@b.c\r\nX: y' }), '"Ann Bcc: x" <ann@b.c X: y>');
});

test('reads back what it writes', (t) => {
  const name = fc.option(
    fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((each) => each.replace(/[\p{C}\s]+/gu, ' ').trim())
      .filter((each) => each !== '' && !each.includes('=?')),
    { nil: undefined },
  );
  const address = fc.oneof(
    fc.emailAddress(),
    fc.constantFrom(
      '+12025550101',
      '"sms:+12025550101"@example.com',
      '"a b, <c>"@example.com',
      'sms:1?a=b@example.com',
    ),
  );
  const addresses = fc.array(fc.record({ name, address }).filter((each) => each.name !== each.address));
  fc.assert(
    fc.property(addresses, (list) => {
      t.deepEqual(readAddresses(list.map(writeAddress).join(', ')), list);
    }),
  );
});

test('leaves addresses of mail alone', (t) => {
  for (const address of [
    'ann@example.com',
    '12025550101@example.com',
    '"ann"@example.com',
    'smssender@example.com',
    'Ann',
    '',
  ]) {
    t.is(readTextRecipient(address), undefined, address);
  }
});

const numberForms = [
  'sms:+12025550101@example.com',
  '"sms:+12025550101"@example.com',
  'sms:%2B12025550101@example.com',
  'SMS:+1-202-555-0101@example.com',
  'sms%3A%2B12025550101@example.com',
  'sms:+12025550101;phone-context=example.com@example.com',
  'sms:+12025550101',
  '+12025550101',
  '+1 (202) 555-0101',
  '[MOBILE:+12025550101]',
  '[mobile: +12025550101 ]',
];

for (const form of numberForms) {
  test(`takes ${form} for a number`, (t) => {
    t.deepEqual(readTextRecipient(form), { number: '+12025550101', parameters: new Map() });
  });
}

test('gives the parameters of an sms: address', (t) => {
  const parameters = new Map([
    ['maxmsgs', '3'],
    ['sender', 'A@b c'],
  ]);
  for (const form of [
    'sms:+12025550101?maxmsgs=3&Sender=A%40b%20c@example.com',
    '"sms:+12025550101?MAXMSGS=3&sender=A@b c&maxmsgs=9"@example.com',
  ]) {
    t.deepEqual(readTextRecipient(form), { number: '+12025550101', parameters });
  }
});

test('keeps what stands in an sms: address and is no number, to be refused by whoever sends', (t) => {
  t.is(readTextRecipient('"sms:Bank"@example.com')?.number, 'Bank');
  t.is(readTextRecipient('sms:@example.com')?.number, '');
  t.is(readTextRecipient('sms:%ZZ@example.com')?.number, '%ZZ');
});

test('writes the address of a number so that it comes back', (t) => {
  t.is(
    writeAddress(addressOfNumber({ number: '+12025550101', domain: 'example.com' })),
    '"+12025550101" <"sms:+12025550101"@example.com>',
  );
  t.is(
    writeAddress(addressOfNumber({ number: '12345', name: 'Ann', domain: 'example.com' })),
    '"Ann" <"sms:12345"@example.com>',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (number) => {
      const written = writeAddress(addressOfNumber({ number, domain: 'example.com' }));
      const [read, ...others] = readAddresses(written);
      t.deepEqual(others, []);
      t.regex(read!.address, /^[ -~]+$/);
    }),
  );
  for (const number of ['Bank', 'My Bank', '*100#', 'Bänk', 'O"2\\', '50%', 'a?b', '<a@b>']) {
    const [read] = readAddresses(writeAddress(addressOfNumber({ number, domain: 'example.com' })));
    t.is(readTextRecipient(read!.address)?.number, number);
  }
});
