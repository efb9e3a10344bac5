import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import test from 'ava';
import fc from 'fast-check';
import { limits } from '../../src/sms/limits.js';
import { comparable, isCountry, readNumber, sameNumber } from '../../src/sms/number.js';

const refused: Record<string, string> = {
  'nothing at all': '',
  'a single digit': '1',
  'a + alone': '+',
  'one digit after +': '+1',
  'twenty-one digits': '123456789012345678901',
  'a second +': '++4477009000',
  'a + inside': '44+7700900123',
  letters: 'Bank',
  'letters after digits': '+447700900123x',
  'a slash': '020/7946000',
  'a comma': '12345,67890',
  'a line break': '+447700900123\n',
  'a tab': '+44\t7700900123',
  'digits of another script': '٠١٢٣٤٥',
  'punctuation alone': ' -.()',
  'a number behind more punctuation than anybody writes': `${'-'.repeat(limits.writtenNumberCharacters)}12`,
};

for (const [what, written] of Object.entries(refused)) {
  test(`refuses ${what}`, (t) => {
    t.is(readNumber(written), undefined);
  });
}

test('keeps a number as written but for spaces, dashes, dots and brackets', (t) => {
  t.is(readNumber('+447700900123'), '+447700900123');
  t.is(readNumber('07700 900-123'), '07700900123');
  t.is(readNumber('+44 (7700) 900.123'), '+447700900123');
  t.is(readNumber('[020] 7946\u00a00000 '), '02079460000');
  t.is(readNumber('+44\u20137700\u2011900123'), '+447700900123');
  t.is(readNumber('71234'), '71234');
  t.is(readNumber('*100#'), '*100#');
  t.is(readNumber('12'), '12');
  t.is(readNumber('+12345678901234567890'), '+12345678901234567890');
});

test('reads a leading space as the + that a query lost', (t) => {
  t.is(readNumber(' 447700900123'), '+447700900123');
  t.is(readNumber(' (44) 7700 900123'), '+447700900123');
  t.is(readNumber(' +447700900123'), '+447700900123');
  t.is(readNumber('  +447700900123'), '+447700900123');
});

test('what it reads is of the promised form and reads as itself', (t) => {
  const written = fc.string({ unit: fc.constantFrom(...'+0123456789*# -.()[]x'), maxLength: 60 });
  const isSteady = (from: string) => {
    const number = readNumber(from);
    return number === undefined || (/^\+?[0-9*#]{2,20}$/.test(number) && readNumber(number) === number);
  };
  t.notThrows(() => fc.assert(fc.property(written, isSteady)));
});

test('does not make one number of two short codes, names or unassigned numbers', (t) => {
  t.false(sameNumber('71234', '+4671234', 'SE'));
  t.false(sameNumber('Bank', 'bank'));
  t.false(sameNumber('Call 12025550123', '+12025550123', 'US'));
  t.false(sameNumber('07700900123', '+447700900123', 'GB'));
  t.false(sameNumber('*100#', '100', 'GB'));
});

test('a national number is the same as its international form only in its own country', (t) => {
  t.true(sameNumber('(202) 555-0123', '+12025550123', 'US'));
  t.true(sameNumber('0012025550123', '+1 202 555 0123', 'GB'));
  t.false(sameNumber('2025550123', '+12025550123'));
  t.false(sameNumber('2025550123', '+12025550123', 'SE'));
});

test('gives the international form of valid numbers and leaves others as written', (t) => {
  t.is(comparable('202-555-0123', 'US'), '+12025550123');
  t.is(comparable('202-555-0123'), '2025550123');
  t.is(comparable('+44 7700 900123'), '+447700900123');
  t.is(comparable('71234', 'SE'), '71234');
  t.is(comparable('1-800-Bank', 'US'), '1-800-Bank');
  t.is(comparable(''), '');
});

const trunkPrefixes = ['', '0', '1', '8', '9', '06', '15', '90', '01'];

test('a number with its country code is in the form that a parser gives it, with a trunk prefix and without', (t) => {
  for (const country of getCountries()) {
    const national = getExampleNumber(country, examples)!.nationalNumber;
    for (const prefix of trunkPrefixes) {
      const written = `+${getCountryCallingCode(country)}${prefix}${national}`;
      const parsed = parsePhoneNumberFromString(written, { extract: false });
      t.is(comparable(written), parsed?.isValid() ? parsed.number : written);
    }
  }
});

test('any digits behind a + are in the form that a parser gives them', (t) => {
  const written = fc
    .string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 17 })
    .map((s) => `+${s}`);
  const isAsParsed = (from: string) => {
    const parsed = parsePhoneNumberFromString(from, { extract: false });
    return comparable(from) === (parsed?.isValid() ? parsed.number : from);
  };
  t.notThrows(() => fc.assert(fc.property(written, isAsParsed), { numRuns: 2000 }));
});

test('leaves out a trunk prefix behind the country code', (t) => {
  t.is(comparable('+44 (0) 7400 123456'), '+447400123456');
  t.is(comparable('+4407400123456'), '+447400123456');
});

test('still answers right after more numbers than it remembers', (t) => {
  for (let i = 0; i < limits.rememberedNumbers + 10; i++) comparable(`name ${i}`);
  t.is(comparable('202-555-0123', 'US'), '+12025550123');
  t.is(comparable('202-555-0123', 'SE'), '2025550123');
});

test('knows a country by its two upper-case letters alone', (t) => {
  t.true(isCountry('GB'));
  for (const code of ['', 'gb', 'UK', 'GBR', '44', 'constructor', '__proto__', 'toString'])
    t.false(isCountry(code), code);
});
