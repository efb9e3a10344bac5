import test from 'ava';
import fc from 'fast-check';
import { HttpError } from '../../src/http/errors.js';
import { readSmsContent } from '../../src/http/sms-content.js';
import { readSmsParameters, type SmsParameters } from '../../src/http/sms-parameters.js';
import { MessageError } from '../../src/message/errors.js';
import { setUp } from './set-up.js';

const nothing = { contentType: undefined, contentEncoding: undefined, body: undefined };

const ofQuery = (query: string): SmsParameters => readSmsParameters({ ...nothing, query });
const ofJson = (body: object | string): SmsParameters => {
  const json = typeof body === 'string' ? body : JSON.stringify(body);
  return readSmsParameters({ ...nothing, query: '', contentType: 'application/json', body: Buffer.from(json) });
};

test('refuses what JSON cannot say exactly, and what is neither text nor number', (t) => {
  for (const body of [
    '{"number":44770090012312345}',
    '{"number":1e30}',
    '{"number":1.5}',
    '{"number":[["1"]]}',
    '{"data":[]}',
  ])
    t.throws(() => ofJson(body), { instanceOf: HttpError }, body);
  for (const twice of [{ number: ['sms:+15550001?data=a'], data: 'b' }, { number: 'sms:+15550001?data=a&body=b' }])
    t.throws(() => ofJson(twice), { instanceOf: HttpError, message: /repeated/ });
  for (const within of ['sms:+15550001?number=+15550002', 'sms:+15550001?number=sms:+1?number=sms:+2'])
    t.throws(() => ofQuery(`number=${encodeURIComponent(within)}`), { instanceOf: HttpError }, within);
  t.throws(() => ofQuery('value=%00'), { instanceOf: HttpError });
});

test('ignores what it does not know, whatever it holds', (t) => {
  t.deepEqual(ofQuery('number=12&x=%00&toString=1&__proto__=2&constructor=3'), { numbers: ['12'] });
  t.deepEqual(ofJson('{"number":"12","x":{"y":[1]},"__proto__":{"data":"x"},"values":["a"]}'), { numbers: ['12'] });
});

const numbers: [written: string, read: string[]][] = [
  ['+15550001', ['+15550001']],
  ['+15550001, 15550002,*100#', ['+15550001', ' 15550002', '*100#']],
  ['sms:+15550001', ['+15550001']],
  ['SMS: 15550001', [' 15550001']],
  ['smsto://+15550001', ['+15550001']],
  ['sms:%2B15550001,%2B15550002', ['+15550001', '+15550002']],
  ['sms:+15550001;phone-context=example.com,+15550002', ['+15550001', '+15550002']],
  ['+15550001,sms:+15550002,+15550003', ['+15550001', '+15550002', '+15550003']],
  ['+4205452544;interprefix=00', ['004205452544']],
  [' 4205452544;interprefix=00,+4205452545;interprefix=', ['004205452544', '4205452545']],
  ['005452544;interprefix=00', ['005452544']],
  ['sms:+420-545-2544;interprefix=011', ['0114205452544']],
  ['', ['']],
  ['12,', ['12', '']],
];

for (const [written, read] of numbers)
  test(`reads the number ${written || 'that is none'}`, (t) => {
    t.deepEqual(ofQuery(`number=${encodeURIComponent(written)}`).numbers, read);
    t.deepEqual(ofJson({ number: written }).numbers, read);
    t.deepEqual(ofJson({ number: [written, 12] }).numbers, [...read, '12']);
  });

test('takes the parameters of an sms: URI for those of the request', (t) => {
  const uri = 'sms:+15550001?user=john%40example.com&pass=a%26b&MaxMsgs=2&value=%26unicode%3D1&body=a,b&x=y';
  const read = { numbers: ['+15550001'], user: 'john@example.com', pass: 'a&b', maxmsgs: '2', values: ['&unicode=1'] };
  t.deepEqual(ofQuery(`number=${encodeURIComponent(uri)}`), { ...read, data: 'a,b' });
  const both = ['sms:+15550001?sender=Ada', 'sms:+15550002?maxmsgs=2'];
  t.deepEqual(ofJson({ number: both }), { numbers: ['+15550001', '+15550002'], sender: 'Ada', maxmsgs: '2' });
  t.deepEqual(ofJson({ number: both.join(',') }), ofJson({ number: both }));
});

test('reads values as often as they come, and the pair that a bare ampersand cut off', (t) => {
  t.deepEqual(ofQuery('value=%26unicode%3D1&value=a=b').values, ['&unicode=1', 'a=b']);
  t.deepEqual(ofQuery('value=&unicode=1&value=&text=a+b%26c&other=1').values, [
    '',
    '&unicode=1',
    '',
    '&text=a%20b%26c',
  ]);
  t.deepEqual(ofQuery('value=&number=12&unicode=1'), { numbers: ['12'], values: [''] });
  t.deepEqual(ofJson({ value: ['&unicode=1', ''] }).values, ['&unicode=1', '']);
});

const name = fc.constantFrom(
  'number',
  'data',
  'binary',
  'udh',
  'pid',
  'dcs',
  'maxmsgs',
  'value',
  'authenticated',
  'msgid',
);
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('sms:', 'sms:1?', ',', ';interprefix=', '%', '%2B', '&', '=', '?', '+', '1', '128', '\0', 'AAMqAgE='),
);
const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

test('reads any parameters, or refuses them as what they are', (t) => {
  const read = (parameters: () => SmsParameters) => {
    try {
      readSmsContent(parameters());
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
    }
  };
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
      read(() => ofQuery(pairs.map(([key, each]) => `${key}=${each}`).join('&')));
      read(() => ofQuery(new URLSearchParams(pairs).toString()));
      read(() => ofJson(Object.fromEntries(pairs)));
    }),
    { numRuns: 1_000 },
  );
  fc.assert(fc.property(fc.json(), (json) => read(() => ofJson(json))));
  t.pass();
});

test('answers any request, and never with a fault of its own', async (t) => {
  const { app, logged } = await setUp(t);
  const requests = fc.record({ query: fc.array(fc.tuple(name, value), { maxLength: 5 }), json: fc.jsonValue() });
  await fc.assert(
    fc.asyncProperty(requests, async ({ query, json }) => {
      const url = `/sms/?${new URLSearchParams([...query, ['user', 'ada@example.com']]).toString()}`;
      const payload = JSON.stringify(json);
      const got = await app.inject({ url });
      const posted = await app.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'content-type': 'application/json' },
      });
      for (const { statusCode, payload: said } of [got, posted]) {
        t.true(statusCode >= 400 && statusCode < 500, said);
        t.regex(said, /^ERROR [a-z-]+ /);
      }
    }),
    { numRuns: 200 },
  );
  t.notRegex(logged.join(''), /request failed/);
});

test('takes a moment for the largest request of commas, URIs and escapes', (t) => {
  const began = performance.now();
  for (const unit of [',', 'sms:,', ';interprefix=', 'sms:1?a=b&', '%', ',sms:1;interprefix=0', ' ', '&value=']) {
    const huge = unit.repeat(Math.floor(250_000 / unit.length));
    for (const json of [{ number: huge }, { number: [huge], value: [huge] }]) {
      try {
        readSmsContent(ofJson(json));
      } catch (error) {
        t.true(error instanceof HttpError || error instanceof MessageError);
      }
    }
  }
  t.true(performance.now() - began < 5_000);
});
