import test from 'ava';
import fc from 'fast-check';
import { limits } from '../../src/sms/limits.js';
import { readMobileAddresses, writeMobileAddress } from '../../src/sms/mobile-address.js';
import type { MobileAddress } from '../../src/sms/mobile-address.js';

const address = (known: Partial<MobileAddress>): MobileAddress => ({
  name: undefined,
  number: undefined,
  mail: undefined,
  ...known,
});
const ann = address({ name: 'Ann', number: '+447700900123' });
const bob = address({ name: 'Bob', number: '+447700900456' });

test('gives nothing for a value longer than MS-ASMS allows, or with too many addresses', (t) => {
  t.is(readMobileAddresses(' '.repeat(limits.addressCharacters + 1)), undefined);
  t.is(readMobileAddresses('1,'.repeat(limits.recipients + 1)), undefined);
  t.is(readMobileAddresses('1,'.repeat(limits.recipients))?.length, limits.recipients);
  t.deepEqual(readMobileAddresses(' '.repeat(limits.addressCharacters)), []);
});

// Fills a value with what a careless expression would search again from every position.
const hostile = [
  '"',
  '\\"',
  '"\\',
  '[',
  '<',
  '[<',
  '<[',
  '[MOBILE:',
  '[ ',
  '"a" [',
  ' ',
  ' \t,',
  ';"\\"',
  '<"',
  ']',
  '\\',
  '"",',
];

for (const unit of hostile) {
  test(`bounds what it reads where the value is nothing but ${JSON.stringify(unit)}`, (t) => {
    const value = unit.repeat(limits.addressCharacters / unit.length);
    const addresses = readMobileAddresses(value);
    t.true(addresses === undefined || addresses.length <= limits.recipients);
  });
}

// The first two are the forms Samsung phones write.
const forms: [value: string, addresses: MobileAddress[]][] = [
  ['"71234" [MOBILE:71234]', [address({ number: '71234' })]],
  ['"" [MOBILE:]', [address({})]],
  ['', []],
  [' , ; ', []],
  ['"Ann" [MOBILE:+447700900123]', [ann]],
  ['"Ann" [MOBILE: +447700900123 ] ', [ann]],
  ['Ann [mobile:+447700900123]', [ann]],
  ['"Ann"[MOBILE:+447700900123', [ann]],
  ['[MOBILE:+447700900123]', [address({ number: '+447700900123' })]],
  ['"Ann" [MOBILE:]', [address({ name: 'Ann' })]],
  ['"Ann"', [address({ name: 'Ann' })]],
  ['+447700900123', [address({ number: '+447700900123' })]],
  [' +44 7700 900-123 ', [address({ number: '+44 7700 900-123' })]],
  ['"Ann" +447700900123', [ann]],
  ['Ann <+447700900123>', [ann]],
  ['Bank', [address({ number: 'Bank' })]],
  ['"Ann" [MOBILE:+447700900123], "Bob" [MOBILE:+447700900456]', [ann, bob]],
  ['"Ann" [MOBILE:+447700900123];"Bob" [MOBILE:+447700900456];', [ann, bob]],
  ['123;456 ,, 789', ['123', '456', '789'].map((number) => address({ number }))],
  ['"Smith, Ann; Dr." [MOBILE:1234]', [address({ name: 'Smith, Ann; Dr.', number: '1234' })]],
  ['"Ann \\"A\\" \\\\ [MOBILE:9]" [MOBILE:1234]', [address({ name: 'Ann "A" \\ [MOBILE:9]', number: '1234' })]],
  ['"C:\\dir" [MOBILE:1234]', [address({ name: 'C:\\dir', number: '1234' })]],
  [
    'Ann "the boss [MOBILE:1234], 5678',
    [address({ name: 'Ann "the boss', number: '1234' }), address({ number: '5678' })],
  ],
  ['"Ann [MOBILE:1234], 5678', [address({ name: '"Ann', number: '1234' }), address({ number: '5678' })]],
  ['"Ann" [MOBILE:1234, 5678', [address({ name: 'Ann', number: '1234' }), address({ number: '5678' })]],
  ['"A,B" [MOBILE:A,B], 12', [address({ number: 'A,B' }), address({ number: '12' })]],
  ['"@home" [MOBILE:@home]', [address({ number: '@home' })]],
  ['ann@example.com', [address({ mail: 'ann@example.com' })]],
  ['"Ann" <ann@example.com>', [address({ name: 'Ann', mail: 'ann@example.com' })]],
  ['"+1555" <"sms:+1555;a,b"@example.com>', [address({ name: '+1555', mail: '"sms:+1555;a,b"@example.com' })]],
  ['"sms:+1555"@example.com, 12', [address({ mail: '"sms:+1555"@example.com' }), address({ number: '12' })]],
];

for (const [value, addresses] of forms) {
  test(`reads ${JSON.stringify(value)}`, (t) => {
    t.deepEqual(readMobileAddresses(value), addresses);
  });
}

test('writes the form that phones write', (t) => {
  t.is(writeMobileAddress({ number: '71234' }), '"71234" [MOBILE:71234]');
  t.is(writeMobileAddress({ name: 'Ann', number: '+447700900123' }), '"Ann" [MOBILE:+447700900123]');
  t.is(writeMobileAddress({}), '"" [MOBILE:]');
  t.is(writeMobileAddress({ name: 'Ann "A" \\', number: '12' }), '"Ann \\"A\\" \\\\" [MOBILE:12]');
  t.is(writeMobileAddress({ number: 'A]B' }), '"A]B" [MOBILE:AB]');
});

const awkward = fc.string({ unit: fc.constantFrom(...'ab1+"\\,;[]<>@: ', 'é', '😀'), maxLength: 12 });
const name = awkward.map((written) => written.trim() || undefined);
const number = awkward.map((written) => written.replace(/[[\]]/g, '').trim() || undefined);

test('reads back every address it wrote, alone and in a list', (t) => {
  const written = fc.record({ name, number }).filter((one) => one.name !== one.number);
  const holds = (list: { name: string | undefined; number: string | undefined }[]) => {
    const expected = list.map((one) => address(one));
    t.deepEqual(readMobileAddresses(list.map(writeMobileAddress).join(', ')), expected);
    t.deepEqual(readMobileAddresses(list.map(writeMobileAddress).join(';')), expected);
  };
  fc.assert(fc.property(fc.array(written, { maxLength: 5 }), holds));
});

test('reads any value without throwing, and writes what it read so that it reads the same', (t) => {
  const fragment = fc.constantFrom('"', '\\', '[MOBILE:', ']', '<', '>', ',', ';', ' ', 'a', '1', '@');
  const holds = (fragments: string[]) => {
    for (const read of readMobileAddresses(fragments.join('')) ?? []) {
      if (read.number === undefined) continue;
      const number = read.number.replace(/[[\]]/g, '').trim();
      const again = readMobileAddresses(writeMobileAddress(read))?.[0];
      t.is(again?.number ?? '', number);
    }
  };
  fc.assert(fc.property(fc.array(fragment, { maxLength: 30 }), holds));
});
