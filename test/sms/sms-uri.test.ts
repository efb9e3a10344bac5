import test from 'ava';
import fc from 'fast-check';
import { alphabetOfScheme } from '../../src/sms/data-coding-scheme.js';
import { behindScheme, readRecipient, readSmsUri } from '../../src/sms/sms-uri.js';

test('takes nothing for a URI that does not begin with its scheme', (t) => {
  for (const other of ['', '+15550001', 'smsc:1', 'mailto:sms:1', 'xsms:1', 'sms', 'sms 1'])
    t.is(behindScheme(other), undefined, other);
});

test('reads recipients and parameters, and leaves broken escapes as they are', (t) => {
  const read = (uri: string) => readSmsUri(behindScheme(uri)!);
  t.deepEqual(read('sms:'), { recipients: [''], parameters: [] });
  t.deepEqual(read('sms:?'), { recipients: [''], parameters: [] });
  t.deepEqual(read('sms:%ZZ?a=%ZZ&b&=c'), {
    recipients: ['%ZZ'],
    parameters: [
      ['a', '%ZZ'],
      ['b', ''],
      ['', 'c'],
    ],
  });
  t.deepEqual(read('sms:+15105550101,+15105550102?body=hello%20there'), {
    recipients: ['+15105550101', '+15105550102'],
    parameters: [['body', 'hello there']],
  });
  t.deepEqual(read('sms:+15105550101;phone-context=example.com').recipients, ['+15105550101']);
  t.is(read(`sms:1?${'a=b&'.repeat(100)}`).parameters.length, 32);
});

test('puts another prefix in place of a plus, and of nothing else', (t) => {
  t.is(readRecipient('+420605123456;interprefix=00'), '00420605123456');
  t.is(readRecipient('+1 (555) 0001;InterPrefix=011'), '01115550001');
  t.is(readRecipient('0605123456;interprefix=00'), '0605123456');
  t.is(readRecipient('Bank;interprefix=00'), 'Bank');
  t.is(readRecipient('+15550001;a=b'), '+15550001');
});

test('reads any URI', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (behind) => {
      const { recipients, parameters } = readSmsUri(behind);
      t.true(recipients.length >= 1 && parameters.length <= 32);
    }),
  );
});

// TS 23.038 4 SMS Data Coding Scheme, one row of each of its groups.
const schemes: [scheme: number, alphabet: ReturnType<typeof alphabetOfScheme>][] = [
  [0x00, 'gsm7'],
  [0x04, 'data'],
  [0x08, 'ucs2'],
  [0x0c, 'gsm7'],
  [0x10, 'gsm7'],
  [0x18, 'ucs2'],
  [0x28, 'data'],
  [0x44, 'data'],
  [0x80, 'gsm7'],
  [0xbf, 'gsm7'],
  [0xc8, 'gsm7'],
  [0xd8, 'gsm7'],
  [0xe8, 'ucs2'],
  [0xf0, 'gsm7'],
  [0xf5, 'data'],
  [0xff, 'data'],
];

test('knows the alphabet of every coding scheme', (t) => {
  for (const [scheme, alphabet] of schemes) t.is(alphabetOfScheme(scheme), alphabet, scheme.toString(16));
});
