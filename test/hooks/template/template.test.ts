import test from 'ava';
import fc from 'fast-check';
import { HookError } from '../../../src/hooks/errors.js';
import type { Escape } from '../../../src/hooks/template/escape.js';
import { parseTemplate } from '../../../src/hooks/template/parse.js';
import { renderTemplate, type TemplateValues } from '../../../src/hooks/template/render.js';
import { parseUrlTemplate } from '../../../src/hooks/template/url.js';

const udh = Uint8Array.of(0x00, 0x03, 0xa7, 0x02, 0x01);
const text: TemplateValues = {
  number: '+447700900123',
  data: 'Hello world',
  from: 'ann@example.com',
  sender: 'Shop',
  senderPhoneAlias: '+447700900001',
  parts: 1,
  msgid: 'm-1',
};
const unicode: TemplateValues = { ...text, data: 'Grüße 👋' };
const binary: TemplateValues = { ...text, data: Uint8Array.of(0xfb, 0xff, 0x00), udh, pid: 0, dcs: 4, parts: 2 };

function render(written: string, values: TemplateValues = text, escape: Escape = 'url'): string {
  return renderTemplate(parseTemplate(written), values, escape);
}

function refusalOf(written: string, parse = parseTemplate): string | undefined {
  try {
    parse(written);
    return undefined;
  } catch (error) {
    return error instanceof HookError && error.code === 'BAD_TEMPLATE' ? error.detail : String(error);
  }
}

test('a template with an unknown variable or attribute is refused by its name', (t) => {
  t.is(refusalOf('to=%nummer%'), 'there is no variable nummer');
  t.is(refusalOf('to=%$nummer%'), 'there is no variable nummer');
  t.is(refusalOf('to=%dat%'), 'there is no variable dat');
  t.is(refusalOf('to=%data1;hex%'), 'there is no variable data1');
  t.is(refusalOf('to=%Foo%'), 'there is no variable Foo');
  t.is(refusalOf('to=%constructor%'), 'there is no variable constructor');
  t.is(refusalOf('to=%data;utf8%'), 'there is no attribute "utf8" (variable data)');
  t.is(refusalOf('to=%data;%'), 'there is no attribute "" (variable data)');
  t.is(refusalOf('to=%data;toString%'), 'there is no attribute "toString" (variable data)');
  t.is(refusalOf('to=%data;charset=klingon%'), 'there is no character set "klingon"');
});

test('a variable that is not closed is refused by its name', (t) => {
  t.is(refusalOf('data=%data&concat=%parts%'), 'the variable data is not closed by a percent sign');
  t.is(refusalOf('data=%number'), 'the variable number is not closed by a percent sign');
  t.is(refusalOf('data=%$data;hex'), 'the variable data is not closed by a percent sign');
  t.is(refusalOf('%dcs '), 'the variable dcs is not closed by a percent sign');
});

test('an attribute that lacks its value, has one too many or contradicts another is refused', (t) => {
  t.is(refusalOf('%data;charset%'), 'the attribute charset needs a value (variable data)');
  t.is(refusalOf('%data;hex=1%'), 'the attribute hex takes no value (variable data)');
  t.is(refusalOf('%data;hex;b64%'), 'the attribute b64 contradicts another one (variable data)');
  t.is(refusalOf('%data;charset=latin1;unicode%'), 'the attribute unicode contradicts another one (variable data)');
  t.is(refusalOf('%data;unicode;charset=utf-16be%'), undefined);
});

test('a template that is too long is refused', (t) => {
  t.is(refusalOf('x'.repeat(65_537)), 'it is too long');
});

test('a URL whose scheme, host or port is not settled is refused', (t) => {
  const unsettled = 'a URL begins with http:// or https:// and a host without variables';
  for (const url of [
    '%data%',
    'http://%data%/',
    'http://host%number%/',
    'http://host:%parts%/',
    'http://a@%data%/x',
    '',
  ])
    t.is(refusalOf(url, parseUrlTemplate), unsettled, url);
  for (const url of ['ftp://host/', 'http:host', 'http://', '//host/%data%', ' http://host/', 'http://host\\%data%'])
    t.is(refusalOf(url, parseUrlTemplate), unsettled, url);
  t.is(refusalOf('http://host:99999/', parseUrlTemplate), 'the host or the port of the URL is none');
  for (const url of ['http://host', 'https://u:p%40ss@[::1]:8443?n=%number%', 'HTTP://host/%data%', 'http://host#x'])
    t.is(refusalOf(url, parseUrlTemplate), undefined, url);
});

test('a percent sign in a URL that begins neither a variable nor an escape is refused', (t) => {
  for (const url of [
    'http://host/100%',
    'http://host/?a=%zz',
    'http://host/?a=%4%data%',
    'http://host/?%data;value=&a%',
  ])
    t.is(
      refusalOf(url, parseUrlTemplate),
      url.includes('value')
        ? undefined
        : 'a percent sign in the URL begins neither a variable nor an escape such as %20',
      url,
    );
});

test('a value too long for its length octet is refused', (t) => {
  t.throws(() => render('%data;len;hex%', { data: 'x'.repeat(256) }), { instanceOf: HookError, code: 'BAD_VALUE' });
  t.is(render('%data;len;hex%', { data: 'x'.repeat(255) }).slice(0, 4), 'FF78');
});

test('escapes and percent signs that begin no variable stay as they are', (t) => {
  for (const literal of [
    'a%20b%2Bc',
    '%C3%A4%da%ad',
    'f%C3%AAte%20',
    '%AAtre%20',
    '%e9t%e9',
    '100% off',
    '100%',
    '%',
    '%%',
  ])
    t.is(render(literal, text, 'none'), literal);
  t.is(render('100%%data%', text, 'none'), '100%Hello world');
});

test('every variable has its value, by each of its names', (t) => {
  t.is(render('%number%|%$number%|%NUMBER%'), '%2B447700900123|%2B447700900123|%2B447700900123');
  t.is(render('%data%|%body%|%$data%'), 'Hello%20world|Hello%20world|Hello%20world');
  t.is(render('%from%|%user%', text, 'none'), 'ann@example.com|ann@example.com');
  t.is(render('%sender%|%sender_phonealias%|%parts%|%msgid%', text, 'none'), 'Shop|+447700900001|1|m-1');
  t.is(render('%udh%|%binary%|%pid%|%dcs%|%condition%'), '|0|||');
  t.is(render('%udh%|%binary%|%pid%|%dcs%|%parts%', binary, 'none'), 'AAOnAgE=|1|0|4|2');
});

test('what a message does not have is empty', (t) => {
  t.is(render('%number%%data%%from%%value%%udh%%pid%%dcs%%sender%%sender_phonealias%%parts%%msgid%', {}), '');
  t.is(render('%udh;len;hex%|%data;len%|%data;hex%|%data;b64%', { data: '' }), '|||');
});

test("the document's URL for Clickatell works as it stands", (t) => {
  const url =
    'http://api.clickatell.com/http/sendmsg?user=xxx&password=xxx&api_id=xxx&to=%number%&udh=%udh;len;hex%' +
    '&data=%data;isascii%%data;isunicode;unicode;value=&unicode=1%&concat=%parts%';
  const of = (values: TemplateValues): string =>
    renderTemplate(parseUrlTemplate(url), values, 'url').slice(url.indexOf('&to='));
  t.is(of(text), '&to=%2B447700900123&udh=&data=Hello%20world&concat=1');
  t.is(of(unicode), '&to=%2B447700900123&udh=&data=0047007200FC00DF00650020D83DDC4B&unicode=1&concat=1');
  t.is(of(binary), '&to=%2B447700900123&udh=050003A70201&data=%2B%2F8A&concat=2');
});

test("the document's URL for another server carries binary messages with their header", (t) => {
  const url =
    'http://server/sms/?number=%number%&data=%data%&udh=%udh%&binary=%binary%&pid=%pid%&dcs=%dcs%&sender=%sender%';
  t.is(
    renderTemplate(parseUrlTemplate(url), binary, 'url'),
    'http://server/sms/?number=%2B447700900123&data=%2B%2F8A&udh=AAOnAgE%3D&binary=1&pid=0&dcs=4&sender=Shop',
  );
});

test('conditions choose by the kind of message, and one of several is enough', (t) => {
  const kinds = (attributes: string): string =>
    [text, unicode, binary].map((values) => render(`%condition;${attributes};value=x%`, values) || '-').join('');
  t.is(kinds('isascii'), 'x-x');
  t.is(kinds('isunicode'), '-x-');
  t.is(kinds('isbinary'), '--x');
  t.is(kinds('isunicode;isbinary'), '-xx');
  t.is(kinds('value=y'), 'xxx'.replaceAll('x', 'yx'));
  t.is(render('%parts;isbinary%', text), '');
});

test('attributes stand in any order: length first, then hex or base64', (t) => {
  for (const attributes of ['len;hex', 'hex;len']) t.is(render(`%udh;${attributes}%`, binary), '050003A70201');
  for (const attributes of ['len;b64', 'b64;len', 'len'])
    t.is(render(`%udh;${attributes}%`, binary, 'none'), 'BQADpwIB');
  t.is(render('%udh;hex%', binary), '0003A70201');
  t.is(render('%data;hex%', binary), 'FBFF00');
  t.is(render('%data;unicode%', binary), 'FBFF00');
  t.is(render('%data;hex%', unicode), '4772C3BCC39F6520F09F918B');
  t.is(render('%data;b64%', { data: 'ü' }, 'none'), 'w7w=');
  t.is(render('%data;unicode;hex%', { data: 'ü' }), '00FC');
  t.is(render('%data;b64;unicode%', { data: 'ü' }, 'none'), 'APw=');
  t.is(render('%data;len%', { data: 'hello' }), '%05hello');
  t.is(render('%data;len%', { data: 'hello' }, 'json'), '\\u0005hello');
  t.is(render('%data;len;hex%', { data: 'ü' }), '02C3BC');
});

test('an international prefix stands for the plus sign alone', (t) => {
  t.is(render('%number;interprefix=00%'), '00447700900123');
  t.is(render('%$number;interprefix=00%'), '00447700900123');
  t.is(render('%number;interprefix=%'), '447700900123');
  t.is(render('%number;interprefix=00%', { number: '07700900123' }), '07700900123');
  t.is(render('%number;interprefix=00;hex%', { number: '+44' }), '30303434');
});

test('a character set is that of the octets, and a question mark is what it does not have', (t) => {
  t.is(render('%data;charset=iso-8859-1%', { data: 'Grüße €' }), 'Gr%FC%DFe%20%3F');
  t.is(render('%data;charset=ISO-8859-15%', { data: '€' }), '%A4');
  t.is(render('%data;charset=windows-1252%', { data: '€’Ÿ\x81' }), '%80%92%9F%81');
  t.is(render('%data;charset=cp1250%', { data: 'ř' }), '%F8');
  t.is(render('%data;charset=windows-1251;hex%', { data: 'Привет' }), 'CFF0E8E2E5F2');
  t.is(render('%data;charset=us-ascii%', { data: 'a👋b' }), 'a%3Fb');
  t.is(render('%data;charset=utf-16le;hex%', { data: 'ü' }), 'FC00');
  t.is(render('%data;charset=utf-8%', { data: 'ü' }), '%C3%BC');
  t.is(render('%data;charset=latin1%', { data: 'u\u0308' }), '%FC');
  t.is(render('%data;charset=latin1%', { data: 'ü€' }, 'json'), 'ü?');
  t.is(render('%data;charset=latin1%', { data: 'a b' }, 'form'), 'a+b');
});

test('values are escaped for the place in which they stand', (t) => {
  const values = { data: `a&b=c+d <"'\\>\n\u0001é` };
  t.is(render('%data%', values), 'a%26b%3Dc%2Bd%20%3C%22%27%5C%3E%0A%01%C3%A9');
  t.is(render('%data%', values, 'form'), 'a%26b%3Dc%2Bd+%3C%22%27%5C%3E%0A%01%C3%A9');
  t.is(render('%data%', values, 'json'), 'a&b=c+d <\\"\'\\\\>\\n\\u0001é');
  t.is(render('%data%', values, 'xml'), 'a&amp;b=c+d &lt;&quot;&apos;\\&gt;&#10;\ufffdé');
  t.is(render('%data%', values, 'none'), values.data);
  t.is(render('%data%', { data: '!*()\ud800' }), '%21%2A%28%29%EF%BF%BD');
});

test("the sender's own pairs pass into the URL as pairs and as nothing else", (t) => {
  t.is(render('x=1%value%', { value: ['&unicode=1', '&a=b c', '&d=é'] }), 'x=1&unicode=1&a=b%20c&d=%C3%A9');
  t.is(render('x=1%value%', { value: ['&a=b#/?%20%zz'] }), 'x=1&a=b%23/?%20%25zz');
  t.is(render('%value;hex%', { value: ['&a'] }), '2661');
});

test('whatever stands in a text comes back from a URL, a form, JSON and hex', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (data) => {
      const values = { data };
      t.is(new URL(`http://host/?d=${render('%data%', values)}`).searchParams.get('d'), data);
      t.is(new URLSearchParams(`d=${render('%data%', values, 'form')}`).get('d'), data);
      t.is(JSON.parse(`"${render('%data%', values, 'json')}"`), data);
      t.is(Buffer.from(render('%data;unicode%', values), 'hex').swap16().toString('utf16le'), data);
      t.is(Buffer.from(render('%data;b64%', values, 'none'), 'base64').toString(), data);
    }),
    { seed: 4, numRuns: 300 },
  );
});

test('whatever is written as a template is taken or refused', (t) => {
  const piece = fc.constantFrom(
    '%',
    'data',
    ';',
    'hex',
    '=',
    '20',
    'value=&',
    'udh',
    '$',
    'charset=',
    'latin1',
    'x',
    'é',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const written = pieces.join('');
      if (refusalOf(written) === undefined) t.is(typeof render(written, binary), 'string');
    }),
    { seed: 4, numRuns: 2_000 },
  );
  t.pass();
});
